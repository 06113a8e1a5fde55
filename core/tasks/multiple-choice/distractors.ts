import { boxDistance } from '../../authoring/box-distance.ts';
import type { Annotation, RecordId } from '../../records.ts';
import { plainWords } from '../../authoring/words.ts';

/** Where a choice that is not the answer was taken from. */
export type DistractorSource = 'neighbour' | 'category' | 'colour' | 'model';

export interface Distractor {
  readonly text: string;
  readonly source: DistractorSource;
}

interface Subject {
  readonly annotation: Annotation;
  /** The regions of the image, the annotation among them. */
  readonly annotations: readonly Annotation[];
  readonly nameOf: (annotation: Annotation) => string | null;
  readonly answer: string;
  readonly choices: readonly string[];
  /** The answer of the model to the question, for this region and others. */
  readonly fromModel?: readonly string[];
}

/** How many are offered of each source. */
const mostOfEach = 4;

/**
 * Choices that could be taken for the answer: colours near one that the answer names, what lies
 * beside the region, the other categories of the image, and what the model said. None is the
 * answer or a choice already, none contains the answer or lies in it.
 */
export function distractors(subject: Subject): Distractor[] {
  const { answer, choices } = subject;
  const taken = new Set([...choices, answer].map(plainWords));
  const sources: readonly (readonly [DistractorSource, readonly string[]])[] = [
    ['colour', nearColours(answer)],
    ['neighbour', neighbourNames(subject).slice(0, mostOfEach)],
    ['category', otherNames(subject)],
    ['model', subject.fromModel ?? []],
  ];
  return sources.flatMap(([source, texts]) =>
    texts
      .filter((text) => isUsable(text, answer, taken))
      .slice(0, mostOfEach)
      .map((text) => ({ text, source })),
  );
}

/** Notes what it lets pass, so that no text is offered twice. */
function isUsable(text: string, answer: string, taken: Set<string>): boolean {
  const [plain, right] = [plainWords(text), plainWords(answer)];
  if (plain === '' || taken.has(plain)) return false;
  if (right !== '' && (plain.includes(right) || right.includes(plain))) return false;
  taken.add(plain);
  return true;
}

function neighbourNames({ annotation, annotations, nameOf }: Subject): string[] {
  return others(annotation.id, annotations)
    .map((other) => ({ other, distance: boxDistance(annotation.bbox, other.bbox) }))
    .sort((a, b) => a.distance - b.distance)
    .flatMap(({ other }) => nameOf(other) ?? []);
}

function otherNames({ annotation, annotations, nameOf }: Subject): string[] {
  return others(annotation.id, annotations).flatMap((other) => nameOf(other) ?? []);
}

function others(id: RecordId, annotations: readonly Annotation[]): Annotation[] {
  return annotations.filter((other) => other.id !== id);
}

/**
 * The answer with a colour that is easily taken for the one that it names; none where it names
 * none.
 */
export function nearColours(answer: string): string[] {
  for (const [colour, near] of Object.entries(coloursNear)) {
    const found = isLatin(colour) ? new RegExp(`\\b${colour}\\b`, 'i') : new RegExp(colour, 'u');
    if (found.test(answer)) return near.map((other) => withArticle(answer.replace(found, other)));
  }
  return [];
}

/** `an` before a vowel, `a` before others. */
function withArticle(text: string): string {
  return text
    .replace(/\b([Aa]) (?=[aeiou])/g, '$1n ')
    .replace(/\b([Aa])n (?=[bcdfghjklmnpqrstvwxyz])/g, '$1 ');
}

const isLatin = (text: string): boolean => /^[a-z]+$/.test(text);

const coloursNear: Readonly<Record<string, readonly string[]>> = {
  red: ['orange', 'maroon', 'pink'],
  orange: ['red', 'yellow', 'brown'],
  yellow: ['orange', 'beige', 'gold'],
  green: ['teal', 'olive', 'blue'],
  blue: ['teal', 'navy', 'purple'],
  purple: ['blue', 'pink', 'maroon'],
  pink: ['red', 'purple', 'beige'],
  brown: ['tan', 'maroon', 'orange'],
  black: ['navy', 'dark grey', 'dark brown'],
  white: ['cream', 'light grey', 'beige'],
  grey: ['silver', 'white', 'black'],
  gray: ['silver', 'white', 'black'],
  silver: ['grey', 'white'],
  gold: ['yellow', 'bronze', 'orange'],
  beige: ['cream', 'tan', 'white'],
  红: ['橙', '粉红', '紫红'],
  橙: ['红', '黄', '棕'],
  黄: ['橙', '米', '金'],
  绿: ['青', '橄榄', '蓝'],
  蓝: ['青', '藏青', '紫'],
  紫: ['蓝', '粉', '紫红'],
  棕: ['黄褐', '紫红', '橙'],
  黑: ['藏青', '深灰', '深棕'],
  白: ['米', '浅灰', '乳白'],
  灰: ['银', '白', '黑'],
};
