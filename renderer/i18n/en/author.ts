import type { AttributeKind } from '../../../core/authoring/description-hints.ts';
import type { DistractorSource } from '../../../core/authoring/distractors.ts';
import type { Finding, FindingKind } from '../../../core/authoring/findings.ts';
import { formatsOf } from '../formats.ts';

const { number, list } = formatsOf('en');

/** Several kinds may be one member of the union. */
type FindingOf<Kind extends FindingKind> = Finding extends infer One
  ? One extends { readonly kind: infer Kinds }
    ? Kind extends Kinds
      ? One
      : never
    : never
  : never;

/** What a finding of each kind says. */
export type FindingTexts = {
  readonly [Kind in FindingKind]: (finding: FindingOf<Kind>) => string;
};

const attributeNames: Readonly<Record<AttributeKind, string>> = {
  colour: 'colour',
  material: 'material',
  shape: 'shape or size',
  position: 'position',
  action: 'action',
};

/** The texts of the author view, in English. */
export const authorTexts = {
  title: 'Write items',
  noImage: 'Add photos first: items are written about them.',
  noRegions:
    'This image has no regions yet. Draw some in the Annotate view, or write about the whole image.',
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
  unkept: 'Not kept yet',
  keep: 'Keep and go on',
  revert: 'Undo these changes',
  remove: 'Delete this item',
  description: 'Description',
  descriptionPlaceholder: 'A small brown dog with curly fur lies on …',
  words: (count: number) => (count === 1 ? '1 word' : `${number(count)} words`),
  draft: 'Draft by the model',
  draftStop: 'Stop',
  drafting: 'The model is writing…',
  draftOfModel: 'These are the model’s words. Change what is wrong, then keep them.',
  question: 'Question',
  questionPlaceholder: 'What is it made of?',
  choices: 'Choices',
  choice: (place: number) => `Choice ${number(place)}`,
  isAnswer: (place: number) => `Choice ${number(place)} is the answer`,
  addChoice: 'Add a choice',
  removeChoice: (place: number) => `Delete choice ${number(place)}`,
  shuffle: 'Shuffle',
  shuffledWith: (seed: number) => `Shuffled with seed ${seed}`,
  offered: 'Could be taken for the answer',
  offeredHelp: 'Mark the answer first; then choices like it are offered here.',
  sources: {
    neighbour: 'beside it',
    category: 'in this image',
    colour: 'near colour',
    model: 'said by the model',
  } satisfies Record<DistractorSource, string> as Readonly<Record<DistractorSource, string>>,
  askModel: 'Ask the model for choices',
  asking: 'The model is answering…',
  refersQuestion: 'Question; tags here are prompts',
  refersQuestionPlaceholder: 'Which cup stands nearer to @ …?',
  refersAnswer: 'Answer; tags here are targets',
  refersAnswerPlaceholder: 'It is @ …',
  noTarget: 'Nothing in the image fits',
  noTargetAnswer: 'No target.',
  tagged: 'Regions of this item',
  noTagged: 'None yet. Click a region in the image, or type @.',
  prompt: 'prompt',
  target: 'target',
  unused: 'in no text',
  removeTag: (tag: string) => `Take [${tag}] out of the item`,
  putTag: (tag: string) => `Put in [${tag}]`,
  mention: 'Regions to put in',
  findings: 'Checks',
  noFindings: 'Nothing to complain about.',
  positions: 'Where the answers stand',
  positionsEven: 'No place is preferred.',
  positionsBiased: (place: number) =>
    `Too many answers stand at place ${number(place)}: a model that always says so would score well. Shuffle the next ones.`,
  positionsFew: 'Too few items to tell yet.',
  place: 'Place of the answer',
  itemCount: 'Items',
  hinders: 'must be mended',
  problems: {
    empty: () => 'Write the question first.',
    'no-answer': () => 'There is no answer yet. Mark a choice, or write one.',
    'few-choices': () => 'One choice is no question. Give at least two.',
    'answer-inside-choice': ({ answer, choice }) =>
      `“${choice}” contains the answer “${answer}”. Scores look for the answer inside what is said, so both would count. Say one of them differently.`,
    'choice-twice': ({ choice }) => `“${choice}” stands there twice. Change one of them.`,
    'answer-in-question': ({ answer }) =>
      `The question says “${answer}” itself. Ask without giving the answer away.`,
    'tag-without-segment': ({ tag }) =>
      `[${tag}] stands for no region. Delete it, or put in the tag of a region with @.`,
    'segment-without-tag': ({ tag }) =>
      `No text names [${tag}]. Put it in, or take the region out of the item.`,
    'tag-inside-tag': ({ tag, other }) =>
      `[${other}] begins with [${tag}], and scores replace tags as plain text. Take one out and put it in again: it gets another name.`,
    'no-target': () =>
      'The answer points at no region. Put in the tag of the target, or say that nothing fits.',
    'small-region': ({ name, patches }) =>
      `${name === '' ? 'The region' : `The region “${name}”`} covers ${patches < 1 ? 'less than one patch' : `${number(Math.floor(patches))} of the model’s patches`}; below four a prompt hardly says where it is. Choose a larger region.`,
    'names-category': ({ name }) =>
      `The text says “${name}”, which is the category. Paraphrase it: say what it looks like or where it is.`,
    duplicate: () => 'Another item says the same. Say something else here, or delete one of them.',
    'too-short': ({ words, least }) =>
      `${words === 1 ? '1 word' : `${number(words)} words`} are few. Add what tells this region from others; ${number(least)} or more are usual.`,
    'too-long': ({ words, most }) =>
      `${number(words)} words are many. Keep to this region; up to ${number(most)} are usual.`,
    'few-attributes': ({ missing }) =>
      `Nothing is said of ${list(missing.map((kind) => attributeNames[kind]))}. Add one that can be seen.`,
    repeats: ({ words }) => `“${words}” stands there twice. Say it once.`,
  } satisfies FindingTexts as FindingTexts,
};

export type AuthorTexts = typeof authorTexts;
