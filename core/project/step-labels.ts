import { z } from 'zod';
import type { ImageState, Split } from '../records.ts';
import type { PhotoChoice } from './photo-choices.ts';

const splitNames: Readonly<Record<Split | 'none', string>> = {
  train: 'Training',
  validation: 'Validation',
  test: 'Test',
  none: 'No split',
};

/** English labels of journal steps by the stored key. */
export const stepTexts = {
  importFiles: ({ name }: { name: string }) => `Import ${name}`,
  annotate: ({ kind, words }: { kind: AnnotatedWith; words: string }) =>
    `Annotate with ${kind === 'words' ? words : kind}`,
  rescue: () => 'Rescue',
  mergeHandout: ({ name }: { name: string }) => `Merge ${name}`,
  handOut: () => 'Hand out',

  accept: ({ name }: { name: string }) =>
    name.trim() ? `Accept ${name.trim()}` : 'Accept a proposal',
  draw: ({ name }: { name: string }) => (name.trim() ? `Draw ${name.trim()}` : 'Draw a region'),
  remove: ({ count }: { count: number }) =>
    count === 1 ? 'Delete a region' : `Delete ${number(count)} regions`,
  move: ({ count }: { count: number }) =>
    count === 1 ? 'Move a region' : `Move ${number(count)} regions`,
  reshape: () => 'Change an outline',
  keypoints: ({ count }: { count: number }) =>
    count === 0
      ? 'Remove keypoints'
      : `Set ${number(count)} ${count === 1 ? 'keypoint' : 'keypoints'}`,
  orderCategory: ({ name }: { name: string }) => `Move the category ${name}`,
  simplify: ({ count }: { count: number }) =>
    `Simplify to ${number(count)} ${count === 1 ? 'vertex' : 'vertices'}`,
  refineEdge: () => 'Fit an edge to the image',
  addToRegion: () => 'Add to a region',
  cutOut: () => 'Cut out of a region',
  paint: () => 'Paint',
  erase: () => 'Erase',
  combine: ({ operation }: { operation: 'union' | 'subtract' | 'intersect' | 'exclude' }) =>
    ({
      union: 'Unite regions',
      subtract: 'Subtract regions',
      intersect: 'Intersect regions',
      exclude: 'Exclude regions',
    })[operation],
  splitRegion: () => 'Split a region',
  fillHoles: () => 'Fill holes',
  convert: ({ to }: { to: 'mask' | 'polygon' }) =>
    ({ mask: 'Make a mask', polygon: 'Make a polygon' })[to],
  paste: () => 'Paste',
  duplicate: () => 'Duplicate',
  repeat: () => 'Make once more',
  propagate: ({ images }: { images: number }) => `Copy to ${imagesIn(images)}`,
  order: ({ move }: { move: 'front' | 'forward' | 'backward' | 'back' }) =>
    ({
      front: 'Bring to the front',
      forward: 'Bring forward',
      backward: 'Send backward',
      back: 'Send to the back',
    })[move],
  category: ({ name }: { name: string }) =>
    name.trim() ? `Categorise as ${name.trim()}` : 'Clear the category',
  useProposal: ({ use }: { use: 'union' | 'subtract' | 'replace' }) =>
    ({
      union: 'Add a proposal to a region',
      subtract: 'Take a proposal out of a region',
      replace: 'Replace a region by a proposal',
    })[use],
  attribute: ({ name }: { name: string }) => `Set ${name}`,
  addCategories: ({ count }: { count: number }) =>
    `Add ${number(count)} ${count === 1 ? 'category' : 'categories'}`,
  addCategory: ({ name }: { name: string }) => `Add the category ${name}`,
  changeCategory: ({ name }: { name: string }) => `Change the category ${name}`,
  mergeCategory: ({ name, into }: { name: string; into: string }) =>
    `Merge the category ${name} into ${into}`,
  removeCategory: ({ name }: { name: string }) => `Delete the category ${name}`,
  judge: ({ verdict }: { verdict: 'accept' | 'fix' | 'reject' | 'none' }) =>
    ({
      accept: 'Judge a text as right',
      fix: 'Judge a text as to be changed',
      reject: 'Judge a text as wrong',
      none: 'Take back a verdict',
    })[verdict],
  settle: ({ verdict }: { verdict: 'accept' | 'reject' }) =>
    ({ accept: 'Decide: right', reject: 'Decide: wrong' })[verdict],
  split: ({ split }: { split: Split | 'none' }) => `Put the image into: ${splitNames[split]}`,
  splitImages: ({ split, images }: { split: Split | 'none'; images: number }) =>
    `Put ${imagesIn(images)} into: ${splitNames[split]}`,
  stateOfImages: ({ state, images }: { state: ImageState; images: number }) =>
    `${stepTexts.state({ state })}: ${imagesIn(images)}`,
  judgeRegions: ({ verdict, regions }: { verdict: 'accept' | 'remove'; regions: number }) =>
    `${verdict === 'accept' ? 'Accept' : 'Remove'} ${number(regions)} of the model’s regions`,
  settlePhotos: ({ choice, images }: { choice: PhotoChoice; images: number }) =>
    ({
      keep: `Take over ${images === 1 ? 'a changed photo' : `${number(images)} changed photos`}`,
      scale: `Scale the regions of ${imagesIn(images)} to the changed photo`,
      'set-aside': `Take ${imagesIn(images)} with a changed photo out of the project`,
    })[choice],
  takeOver: ({ name }: { name: string }) => `Take over differences of ${name}`,
  takeOutImages: ({ images }: { images: number }) => `Take ${imagesIn(images)} out of the project`,
  draftItems: () => 'Draft items from regions',
  addText: () => 'Add a text',
  editText: () => 'Edit a text',
  removeText: () => 'Delete a text',
  state: ({ state }: { state: ImageState }) =>
    ({
      untouched: 'Mark as open',
      'to-check': 'Mark to be checked',
      'reviewed-empty': 'Mark that nothing is here',
      done: 'Mark as done',
    })[state],
};

/** The prompt of a batch: words, boxes of a file, or nothing. */
export type AnnotatedWith = 'words' | 'boxes' | 'everything';

const english = new Intl.NumberFormat('en');

function imagesIn(count: number): string {
  return `${number(count)} ${count === 1 ? 'image' : 'images'}`;
}

function number(value: number): string {
  return english.format(value);
}

/** The texts of all labels in one language. */
export type StepTexts = typeof stepTexts;
export type StepKey = keyof StepTexts;
type PartsOf<Key extends StepKey> = Parameters<StepTexts[Key]>;

/**
 * The label of a step: a key with its parts, to be shown in the reader's language; or the words
 * themselves, which is what versions before 0.4 stored.
 */
export const stepLabelSchema = z.union([
  z.string().min(1),
  z.object({
    key: z.string().min(1),
    parts: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
]);
export type StepLabel = z.infer<typeof stepLabelSchema>;

export function stepLabel<Key extends StepKey>(key: Key, ...[parts]: PartsOf<Key>): StepLabel {
  return { key, parts: { ...parts } };
}

/**
 * A label in the language of the texts; its key where they do not know it, or its parts are
 * others.
 */
export function stepText(texts: StepTexts, label: StepLabel): string {
  if (typeof label === 'string') return label;
  const { key, parts } = label;
  if (!Object.hasOwn(texts, key)) return key;
  try {
    const text = (texts as Readonly<Record<string, (parts: object) => unknown>>)[key]!(parts);
    return typeof text === 'string' ? text : key;
  } catch {
    return key;
  }
}
