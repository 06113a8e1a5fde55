import type { ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');

const tasks: Readonly<Record<ScoreTaskId, string>> = {
  'perbench-caption': 'PerBench: descriptions',
  'perbench-mcq': 'PerBench: multiple choice',
  'perbench-vres': 'PerBench: referring masks',
  res: 'Referring masks (RefCOCO)',
  gres: 'Referring masks, with empty targets (gRefCOCO)',
  'region-caption': 'Captions of regions',
  detection: 'Boxes (COCO AP)',
  segmentation: 'Masks (COCO AP)',
};

/** Texts of the results view. */
export const scoreTexts = {
  title: 'Results',
  tasks,
  task: 'Task',
  start: 'Score the model',
  startHelp:
    'Asks the loaded model about every item of the project and stores its answers beside the truth. Regions and texts do not change.',
  hints:
    'Also check whether the text of an item leads the model to its region (takes twice as long)',
  limit: 'Maximum number of items',
  running: 'Asking the model…',
  noModel: 'No model is loaded. Load one with the button in the top right corner.',
  empty: 'No scores yet',
  emptyHelp:
    'Choose a task and press “Score the model”. Descriptions, multiple choice and referring items are written in the Author view or imported with a dataset. Boxes and masks are scored against the regions of every photo.',
  emptyCommand: 'Scores of files and of other systems: pixelsail score --help',
  runs: 'Scores',
  system: 'Answers of',
  time: 'Time',
  items: 'Items',
  reference: 'as the paper',
  corrected: 'corrected',
  compare: 'Compare',
  compareWith: 'Compare with',
  noComparison: 'None',
  difference: 'Difference',
  interval: '95 % interval',
  comparisonHelp:
    'Bootstrap over the items with 1,000 draws; both answers to an item are drawn together. A difference whose interval excludes 0 would most likely occur on other items.',
  noIntervals:
    'Average precision is not a mean over photos and has no interval here. Compare the tables.',
  incomparable: 'These scores have different items and cannot be compared item by item.',
  remove: 'Delete these scores',
  agreement: 'Agreement of the answers with the truth',
  agreementAxis: 'Agreement',
  itemsAxis: 'Items',
  browser: 'Item by item',
  order: 'Order',
  orders: {
    worst: 'Lowest agreement first',
    best: 'Highest agreement first',
    items: 'As in the project',
    hints: 'Items with contradicting hints first',
  },
  truth: 'Truth',
  answer: 'Answer',
  noAnswer: 'No answer',
  nothing: 'No target',
  agreementOf: (value: number) => `Agreement ${number(Math.round(100 * value))} %`,
  hint: (value: number) =>
    `Hint: the model’s mask for the text of the item has an IoU of ${value.toFixed(2)} with its region.`,
  distractor: 'Hint: the text leads the model to another region. Check whether the text fits both.',
  objects: (right: number, found: number) => `${number(right)} objects, ${number(found)} found`,
  show: 'Show in the editor',
  gone: 'The photo is no longer in the project.',
  photo: (image: string) => `${image}: truth in green, answer in orange`,
  legendTruth: 'truth',
  legendAnswer: 'answer',
  legendPrompt: 'prompt',
  previous: 'Previous items',
  next: 'Next items',
  page: (first: number, last: number, all: number) =>
    `${number(first)} to ${number(last)} of ${number(all)}`,
  paraphrasesOff:
    'METEOR 1.5 as in Java but without paraphrases: name the folder of Meteor 1.5 with PIXELSAIL_METEOR.',
  synonymsOff: 'METEOR without synonyms: no WordNet was found.',
  facts: (version: string, seed: number, hash: string) =>
    `Version ${version}, seed ${seed}, items ${hash.slice(0, 12)}`,
};
