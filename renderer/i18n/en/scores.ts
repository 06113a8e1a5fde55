import type { ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');

const tasks: Readonly<Record<ScoreTaskId, string>> = {
  'perbench-caption': 'PerBench: descriptions',
  'perbench-mcq': 'PerBench: multiple choice',
  'perbench-vres': 'PerBench: referring masks',
  res: 'Referring masks (RefCOCO)',
  gres: 'Referring masks, also of nothing (gRefCOCO)',
  'region-caption': 'Captions of regions',
  detection: 'Boxes (COCO AP)',
  segmentation: 'Masks (COCO AP)',
};

/** What the view of scores says. */
export const scoreTexts = {
  title: 'Results',
  tasks,
  task: 'What is scored',
  start: 'Score the model',
  startHelp:
    'Asks the loaded model about every item of the project and keeps its answers beside what is right. Nothing in the project is changed.',
  hints: 'Also ask whether an item’s own words lead back to its region (takes twice as long)',
  limit: 'At most, of the items',
  running: 'Asking the model…',
  noModel: 'Load a model first: the button in the top right corner says which one runs.',
  empty: 'Nothing was scored yet',
  emptyHelp:
    'Choose what to score and press “Score the model”. Descriptions, multiple choice and referring items are written in the project’s texts, or come with a dataset; boxes and masks are scored against the regions of every photo.',
  emptyCommand: 'Scores of files and of other systems: pixelsail score --help',
  runs: 'Scores',
  system: 'Answers of',
  time: 'When',
  items: 'Items',
  reference: 'as the paper',
  corrected: 'corrected',
  compare: 'Compare',
  compareWith: 'Compare with',
  noComparison: 'Nothing',
  difference: 'Difference',
  interval: '95 % interval',
  comparisonHelp:
    'Drawn 1,000 times from the items, both answers to an item together. An interval without 0 is a difference that other items would most likely show, too.',
  noIntervals:
    'Average precision does not follow from single photos, so it has no interval here; compare the tables.',
  incomparable: 'These scores are of other items, so they cannot be compared item by item.',
  remove: 'Forget these scores',
  agreement: 'How near the answers come to the truth',
  agreementAxis: 'Agreement',
  itemsAxis: 'Items',
  browser: 'Item by item',
  order: 'Order',
  orders: {
    worst: 'Farthest from the truth first',
    best: 'Nearest to the truth first',
    items: 'As in the project',
    hints: 'Where hints speak against the item first',
  },
  truth: 'Right',
  answer: 'Answered',
  noAnswer: 'No answer',
  nothing: 'Nothing is meant',
  agreementOf: (value: number) => `Agreement ${number(Math.round(100 * value))} %`,
  hint: (value: number) =>
    `Hint: what the model marks for the item’s words covers its region by an IoU of ${value.toFixed(2)}.`,
  distractor: 'Hint: the words lead the model to another region. Look whether they could mean it.',
  objects: (right: number, found: number) => `${number(right)} objects, ${number(found)} found`,
  show: 'Show in the editor',
  gone: 'The photo is in the project no more.',
  photo: (image: string) => `${image}: what is right in green, what was answered in orange`,
  legendTruth: 'right',
  legendAnswer: 'answered',
  legendPrompt: 'asked about',
  previous: 'Previous items',
  next: 'Next items',
  page: (first: number, last: number, all: number) =>
    `${number(first)} to ${number(last)} of ${number(all)}`,
  synonymsOff: 'METEOR without synonyms: no WordNet was found.',
  facts: (version: string, seed: number, hash: string) =>
    `Version ${version}, seed ${seed}, items ${hash.slice(0, 12)}`,
};
