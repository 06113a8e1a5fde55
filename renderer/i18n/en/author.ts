import type { DistractorSource } from '../../../core/tasks/multiple-choice/distractors.ts';
import { formatsOf } from '../formats.ts';

const { number } = formatsOf('en');

/** The texts of the author view, in English. */
export const authorTexts = {
  title: 'Write items',
  noImage: 'Add photos first. Items describe photos and their regions.',
  noRegions:
    'This image has no regions yet. Draw regions in the Annotate view, or describe the whole image.',
  annotate: 'Go to Annotate',
  wholeImage: 'The whole image',
  queue: (written: number, regions: number) =>
    `Queue: ${number(written)} of ${number(regions)} regions written`,
  queueDrafts: (drafts: number) =>
    drafts === 1 ? '1 draft to read' : `${number(drafts)} drafts to read`,
  queueNext: 'Next image to write about',
  queueDone: 'Everything is written.',
  isDraft:
    'A draft made from the region alone. Put it right, then keep it: until then it is not reviewed, scored or exported.',
  written: (part: number, all: number) => `${number(part)} of ${number(all)} regions written`,
  items: (all: number) =>
    all === 1 ? '1 item in this image' : `${number(all)} items in this image`,
  inProject: (all: number) => (all === 1 ? '1 in the project' : `${number(all)} in the project`),
  previous: 'Previous region',
  next: 'Next region',
  itemNumber: (place: number) => `Item ${number(place)}`,
  newItem: 'New item',
  unkept: 'Not saved yet',
  keep: 'Save and continue',
  revert: 'Undo these changes',
  remove: 'Delete this item',
  description: 'Description',
  descriptionPlaceholder: 'A small brown dog with curly fur lies on …',
  words: (count: number) => (count === 1 ? '1 word' : `${number(count)} words`),
  draft: 'Draft by the model',
  draftStop: 'Stop',
  drafting: 'The model is writing…',
  draftOfModel: 'The model wrote this draft. Correct its mistakes, then save it.',
  question: 'Question',
  questionPlaceholder: 'What is it made of?',
  choices: 'Choices',
  choice: (place: number) => `Choice ${number(place)}`,
  isAnswer: (place: number) => `Choice ${number(place)} is the answer`,
  addChoice: 'Add a choice',
  removeChoice: (place: number) => `Delete choice ${number(place)}`,
  shuffle: 'Shuffle',
  shuffledWith: (seed: number) => `Shuffled with seed ${seed}`,
  offered: 'Suggested distractors',
  offeredHelp: 'Mark the answer first. Similar choices are then suggested here.',
  sources: {
    neighbour: 'neighbour',
    category: 'in this image',
    colour: 'similar colour',
    model: 'from the model',
  } satisfies Record<DistractorSource, string> as Readonly<Record<DistractorSource, string>>,
  askModel: 'Ask the model for choices',
  asking: 'The model is answering…',
  refersQuestion: 'Question; tags here are prompts',
  refersQuestionPlaceholder: 'Which cup stands nearer to @ …?',
  refersAnswer: 'Answer; tags here are targets',
  refersAnswerPlaceholder: 'It is @ …',
  noTarget: 'No target in the image',
  noTargetAnswer: 'No target.',
  tagged: 'Regions of this item',
  noTagged: 'No regions yet. Click a region in the image, or type @.',
  prompt: 'prompt',
  target: 'target',
  unused: 'not in the texts',
  removeTag: (tag: string) => `Remove [${tag}] from the item`,
  putTag: (tag: string) => `Insert [${tag}]`,
  mention: 'Regions to insert',
  findings: 'Checks',
  noFindings: 'No problems found.',
  positions: 'Positions of the answers',
  positionsEven: 'The positions are balanced.',
  positionsBiased: (place: number) =>
    `Too many answers are at position ${number(place)}: a model that always chooses it would score well. Shuffle the next items.`,
  positionsFew: 'Too few items for a statement.',
  place: 'Position of the answer',
  itemCount: 'Items',
  hinders: 'must be corrected',
};

export type AuthorTexts = typeof authorTexts;
