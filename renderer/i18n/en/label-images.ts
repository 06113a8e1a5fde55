import { annotations, count, images } from './counted.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What the dialog says that lets the model label many images. */
export const labelImagesTexts = {
  title: 'Label all images',
  help: 'The model looks at each image and proposes regions. They wait “to check”; one undo takes the whole run back, and nothing that is there already is changed.',
  what: 'What to look for',
  kinds: {
    categories: 'These names',
    everything: 'Everything, without names',
    everyClass: 'Everything, by the names that the model knows',
    detected: 'What a detector finds',
  },
  detector: 'Detector',
  detectedNames: 'Only these of its classes, one on each line; empty for all',
  detectedHelp:
    'The detector finds boxes and names; the model in use marks what is in each box. The lowest score is that of the marked regions. There is no preview.',
  unknownName: (name: string, model: string) => `${model} knows no “${name}”.`,
  classes: (names: readonly string[]) =>
    `It knows ${count(names.length, 'class', 'classes')}: ${names.join(', ')}.`,
  names: 'Names, one on each line',
  noNames: 'Write at least one name.',
  cannot: 'The model in use takes no words. Choose another one, or look for everything.',
  where: 'Images',
  scopes: {
    all: (total: number) => `All ${images(total)}`,
    filtered: (total: number) => `The ${images(total)} of the list`,
    chosen: (total: number) => `The ${images(total)} that are chosen`,
  },
  includesReviewed: 'Also images that are done or empty',
  threshold: 'Lowest score of a region',
  thresholdHelp: (score: number) =>
    `The score is the IoU that the model expects of its mask: how much of the mask and of the object they share. From ${percent(score)} on a mask counts as found; a higher limit finds less and errs less.`,
  confidenceHelp: (score: number) =>
    `The score is how sure the detector is. Its package suggests ${percent(score)}; a higher limit finds less and errs less.`,
  best: 'One name for an object',
  bestHelp: 'Of several names the best wins; the others are offered when it is checked.',
  split: 'A region for each separate part',
  splitHelp: 'Names find all objects of a kind in one mask.',
  preview: 'Try it on three images',
  previewAgain: 'Try again',
  previewing: (done: number, total: number) => `Asking the model: ${done} of ${total}`,
  stop: 'Stop',
  previewEmpty:
    'See what the model finds before it starts. The lowest score can be moved while you look.',
  found: (kept: number, left: number) =>
    left === 0
      ? annotations(kept)
      : `${annotations(kept)}, ${count(left, 'mask', 'masks')} left out`,
  noModel: 'No model is ready. Load one under Models first.',
  start: (total: number) => `Label ${images(total)}`,
  ended: (regions: number, labelled: number, failed: number) =>
    `${annotations(regions)} found in ${images(labelled)}. They wait to be checked.${failed === 0 ? '' : ` ${images(failed)} failed.`}`,
  check: 'Check them',
  running: 'Labelling runs already. Its progress is shown in the window.',
};
