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

/** The sentence of each kind of finding. */
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
  problems: {
    empty: () => 'Write the question first.',
    'no-answer': () => 'The answer is missing. Mark a choice, or write an answer.',
    'few-choices': () => 'A question needs at least two choices.',
    'answer-inside-choice': ({ answer, choice }) =>
      `“${choice}” contains the answer “${answer}”. Scoring searches for the answer in the model’s sentence and would accept both. Reword one of them.`,
    'choice-twice': ({ choice }) => `“${choice}” occurs twice. Change one of them.`,
    'answer-in-question': ({ answer }) =>
      `The question contains the answer “${answer}”. Reword the question.`,
    'tag-without-segment': ({ tag }) =>
      `[${tag}] is not the tag of a region. Delete it, or insert the tag of a region with @.`,
    'segment-without-tag': ({ tag }) =>
      `[${tag}] does not occur in the texts. Insert it, or remove the region from the item.`,
    'tag-inside-tag': ({ tag, other }) =>
      `[${other}] begins with [${tag}], and scoring replaces tags as plain text. Remove one and insert it again; it gets another name.`,
    'no-target': () =>
      'The answer has no target. Insert the tag of the target, or choose “No target in the image”.',
    'small-region': ({ name, patches }) =>
      `${name === '' ? 'The region' : `The region “${name}”`} covers ${patches < 1 ? 'less than one patch' : `${number(Math.floor(patches))} of the model’s patches`}; below four patches a prompt is imprecise. Choose a larger region.`,
    'names-category': ({ name }) =>
      `The text contains the category “${name}”. Paraphrase it: describe the appearance or the position.`,
    duplicate: () => 'Another item has the same text. Change this item, or delete one of them.',
    'too-short': ({ words, least }) =>
      `${words === 1 ? '1 word' : `${number(words)} words`} are few. Add details that distinguish this region; ${number(least)} or more are usual.`,
    'too-long': ({ words, most }) =>
      `${number(words)} words are many. Describe this region only; up to ${number(most)} are usual.`,
    'few-attributes': ({ missing }) =>
      `Not mentioned: ${list(missing.map((kind) => attributeNames[kind]))}. Add a visible attribute.`,
    repeats: ({ words }) => `“${words}” is repeated. Remove the repetition.`,
  } satisfies FindingTexts as FindingTexts,
};

export type AuthorTexts = typeof authorTexts;
