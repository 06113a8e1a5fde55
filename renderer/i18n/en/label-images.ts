import { annotations, count, images } from './counted.ts';

const percent = (share: number) => `${Math.round(share * 100)} %`;

function foundIn(regions: number, labelled: number): string {
  if (labelled === 0) return 'No image was left to label.';
  return regions === 0
    ? `No regions found in ${images(labelled)}.`
    : `${count(regions, 'region', 'regions')} found in ${images(labelled)}. Check them next.`;
}

/** Texts of the dialog for annotating many images with the model. */
export const labelImagesTexts = {
  title: 'Label all images',
  help: 'The model proposes regions; their images become “to check”. Existing regions stay. One undo removes the whole result.',
  what: 'Prompt',
  kinds: {
    categories: 'Category names',
    everything: 'Everything, without names',
    everyClass: 'Everything, with the model’s class names',
    detected: 'Boxes of a detector',
  },
  detector: 'Detector',
  detectedNames: 'Only these of its classes, one per line; empty: all classes',
  detectedHelp:
    'The detector finds boxes and class names; the loaded model segments the object in each box. The minimum score applies to the segmented regions. There is no preview.',
  unknownName: (name: string, model: string) => `${model} has no class “${name}”.`,
  classes: (names: readonly string[]) =>
    `It detects ${count(names.length, 'class', 'classes')}: ${names.join(', ')}.`,
  names: 'Category names, one per line',
  noNames: 'Write at least one name.',
  cannot:
    'The loaded model does not accept text prompts. Load another model, or choose “Everything”.',
  where: 'Images',
  scopes: {
    all: (total: number) => `All ${images(total)}`,
    filtered: (total: number) => `The ${images(total)} of the list`,
    chosen: (total: number) => `The ${images(total)} chosen in the list`,
  },
  includesReviewed: 'Also images marked as done or “Nothing here”',
  threshold: 'Minimum score of a region',
  thresholdHelp: (score: number) =>
    `The score is the expected IoU of a mask with its object; ${percent(score)} is usual. A higher minimum gives fewer regions with fewer errors.`,
  confidenceHelp: (score: number) =>
    `The score is the detector’s confidence. Its package suggests ${percent(score)}. A higher minimum gives fewer regions with fewer errors.`,
  best: 'One name per object',
  bestHelp: 'The name with the highest score is used; the others are offered during the check.',
  split: 'A region for each separate part',
  splitHelp: 'A category name gives one mask for all objects of the category.',
  preview: 'Try it on three images',
  previewAgain: 'Try again',
  previewing: (done: number, total: number) => `Asking the model: ${done} of ${total}`,
  stop: 'Stop',
  previewEmpty:
    'The preview shows the result on three images. Adjust the minimum score while you look at it.',
  found: (kept: number, left: number) =>
    left === 0
      ? annotations(kept)
      : `${annotations(kept)}, ${count(left, 'mask', 'masks')} left out`,
  noModel: 'No model is loaded. Load one in “Models and devices” first.',
  start: (total: number) => `Label ${images(total)}`,
  ended: (regions: number, labelled: number, failed: number, isComplete: boolean) => {
    const isUntouched = !isComplete && labelled === 0;
    return [
      ...(isUntouched ? ['Cancelled before the first image; nothing changed.'] : []),
      ...(isComplete || isUntouched ? [] : ['Cancelled; the other images did not change.']),
      ...(isUntouched ? [] : [foundIn(regions, labelled)]),
      ...(failed > 0 ? [`${images(failed)} failed.`] : []),
    ].join(' ');
  },
  check: 'Check them',
  workers: 'Other machines',
  useWorkers: 'Let workers on other machines answer',
  workersHelp:
    'Each of them runs “pixelsail worker --redis URL”. Photos leave this machine for them. The password of the server is read from PIXELSAIL_REDIS_PASSWORD.',
  redis: 'Redis server',
  noRedis: 'Write the address of the Redis server.',
  badRedis: 'Write the address as redis://HOST:PORT or rediss://HOST:PORT, without a password.',
  listen: 'Address of this machine for workers without a shared folder',
  running: 'Labelling is already running. The window shows its progress.',
};
