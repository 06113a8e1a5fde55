/**
 * Texts that stood inside images and annotations, as items and reviews of their own (see migration
 * 70). Nothing here follows the record types of today: it reads and writes what versions 60 and 70
 * store.
 */

/** A stored image or annotation with its texts. */
export interface TextOwner {
  readonly kind: string;
  readonly id: string;
  /** Of an annotation. */
  readonly imageId?: string;
  readonly createdAtMs?: number;
  readonly texts?: readonly unknown[];
}

/** An item or a review as a diff holds it. */
export interface MovedRecord {
  readonly kind: 'item' | 'review';
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Counts over all texts of a file. */
export interface TextFacts {
  /** Ids that two records have at a time: each owner then has an id of its own made of it. */
  readonly shared: ReadonlySet<string>;
  /** When a verdict was given first, by {@link verdictKey}. */
  readonly judgedAtMs: ReadonlyMap<string, number>;
}

/**
 * The items and reviews that the texts of a record become, in their order. The same texts always
 * become the same records: those of each step of the journal therefore fit those of the steps
 * around it.
 * @throws Error where a text is none.
 */
export function recordsOfTexts(owner: TextOwner, facts: TextFacts): MovedRecord[] {
  const seen = new Map<string, number>();
  return (owner.texts ?? []).flatMap((text, index): MovedRecord[] => {
    if (!isRecord(text) || typeof text['id'] !== 'string' || text['id'] === '') {
      throw new Error(`Text ${index} of ${owner.kind} ${owner.id} has no id.`);
    }
    const { id: textId, kind, text: words, question, choices, answer, provenance } = text;
    const times = seen.get(textId) ?? 0;
    seen.set(textId, times + 1);
    const moved = { id: idOf(textId, owner.id, times, facts.shared) };
    const createdAtMs = timeOfId(textId) ?? owner.createdAtMs ?? 0;
    const imageId = owner.kind === 'image' ? owner.id : owner.imageId;
    const about = (role: string): object[] =>
      owner.kind === 'image' ? [] : [{ tag: firstTag, annotationId: owner.id, role }];
    const item = (task: string, content: object, role: string): MovedRecord => ({
      kind: 'item',
      ...moved,
      imageId,
      segments: about(role),
      author: null,
      provenance,
      createdAtMs,
      updatedAtMs: createdAtMs,
      extra: Object.fromEntries(Object.entries(text).filter(([key]) => !knownKeys.has(key))),
      task,
      content,
    });
    const verdict = verdictOf(text);
    const review = verdict && {
      kind: 'review' as const,
      id: `${moved.id}-review`,
      imageId,
      itemId: moved.id,
      annotationId: null,
      reviewer: null,
      verdict: verdict === 'right' ? 'accept' : 'reject',
      reason: null,
      note: '',
      atMs: facts.judgedAtMs.get(verdictKey(textId, verdict)) ?? createdAtMs,
    };
    const reviews = review ? [review] : [];
    switch (kind) {
      case 'description':
        return [item('description', { text: words }, 'prompt'), ...reviews];
      case 'referring': {
        // The words asked for this region: it is what the answer points at.
        const pointed = owner.kind === 'image' ? '' : `[${firstTag}]`;
        return [item('referring', { question: words, answer: pointed }, 'target'), ...reviews];
      }
      case 'question':
        return [item('multiple-choice', { question, choices, answer }, 'prompt'), ...reviews];
      default:
        throw new Error(`Text ${textId} of ${owner.kind} ${owner.id} is of no known kind.`);
    }
  });
}

const firstTag = 'region1';

const knownKeys = new Set([
  ...['id', 'kind', 'provenance', 'verdict', 'text', 'question', 'choices', 'answer'],
]);

/** The verdict on a text; null without a review. */
export function verdictOf(text: Readonly<Record<string, unknown>>): 'right' | 'wrong' | null {
  const { verdict } = text;
  return verdict === 'right' || verdict === 'wrong' ? verdict : null;
}

export function verdictKey(textId: string, verdict: 'right' | 'wrong'): string {
  return `${verdict} ${textId}`;
}

function idOf(textId: string, ownerId: string, times: number, shared: ReadonlySet<string>): string {
  if (times > 0) return `${textId}@${ownerId}@${times}`;
  return shared.has(textId) ? `${textId}@${ownerId}` : textId;
}

/** When a UUIDv7 was made, in milliseconds; null for another id. */
export function timeOfId(id: string): number | null {
  const time = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id);
  return time && parseInt(time[1]! + time[2]!, 16);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
