import type { ErrorEnvelope } from '../../core/errors.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import type { MaskCandidate, ModelRequest, ModelResult, PromptMark } from '../../core/prompt.ts';
import type { Category, RecordId } from '../../core/records.ts';

/** A mask that the model offers; it becomes an annotation only when a person accepts it. */
export interface Proposal extends Readonly<MaskCandidate> {
  readonly id: RecordId;
  /**
   * All masks that the model offers for the prompt: the best first, then the others, largest
   * first. One of them is shown.
   */
  readonly candidates: readonly MaskCandidate[];
  /** Which of the candidates is shown, and is what a person accepts. */
  readonly shown: number;
  /** Probability above which a pixel belongs to the mask. */
  readonly threshold: number;
  /** The model's word for this mask, if it gave one. */
  readonly label: string | null;
  /** The text of the model. */
  readonly text: string;
  /** The words a person typed to get it, kept with the annotation as a referring expression. */
  readonly referring: string | null;
  readonly request: ModelRequest;
  readonly model: { readonly id: string; readonly hash: string };
}

/** The model that is asked: the chosen one for the task, or the one it is compared with. */
export type PromptSeat = 'chosen' | 'other';

/**
 * One question to one model about one image: what was drawn or typed, and what came back so far.
 */
export interface Prompt {
  readonly id: RecordId;
  /** The same for the prompts that ask two models the same. */
  readonly questionId: RecordId;
  readonly seat: PromptSeat;
  readonly imageId: RecordId;
  readonly marks: readonly PromptMark[];
  readonly words: string | null;
  /** All that the model is shown of the image; null for all of it. */
  readonly crop: Box | null;
  readonly status: PromptStatus;
  readonly proposals: readonly Proposal[];
  /** Milliseconds that the model took for its last answer; null before it. */
  readonly totalMs: number | null;
  /**
   * While the model refines its answer, what it has found so far; drawn in place of the proposals.
   */
  readonly draft: MaskCandidate | null;
}

export type PromptStatus =
  | { readonly kind: 'waiting'; readonly requestId: string; readonly stage: string }
  | { readonly kind: 'answered' }
  /** The model answered in words but marked nothing. */
  | { readonly kind: 'nothing-found'; readonly text: string }
  | { readonly kind: 'failed'; readonly error: ErrorEnvelope };

export function requestOf(prompt: Prompt): ModelRequest {
  const regions = prompt.marks.length > 0 ? [{ marks: [...prompt.marks] }] : [];
  const { words, crop } = prompt;
  return { task: 'segment', text: words, regions, ...(crop && { crop }) };
}

/** The masks of a result, empty ones left out. */
export function proposalsOf(
  prompt: Prompt,
  request: ModelRequest,
  result: ModelResult,
): Proposal[] {
  return result.answers.flatMap((answer) =>
    answer.masks
      .filter((mask) => mask.area > 0)
      .map((mask) => ({
        ...showing([candidateOf(mask), ...(mask.candidates ?? [])], 0),
        id: newId(),
        threshold: mask.threshold,
        label: mask.label,
        text: answer.text,
        referring: prompt.words,
        request,
        model: result.model,
      })),
  );
}

function candidateOf({ rle, area, bbox, score, isBox }: MaskCandidate): MaskCandidate {
  return { rle, area, bbox, score, ...(isBox && { isBox }) };
}

/** The masks of a proposal and the index of the shown one. */
function showing(candidates: readonly MaskCandidate[], shown: number) {
  return { ...candidates[shown]!, candidates, shown };
}

/** The same proposal with another of its masks. */
export function withCandidate(proposal: Proposal, shown: number): Proposal {
  return { ...proposal, ...showing(proposal.candidates, shown) };
}

/** Words longer than this describe one object rather than name its category. */
const longestCategoryWords = 2;

/**
 * The category name that fits a proposal: one that exists and is named by the model's label or the
 * typed words, else short typed words themselves, else nothing.
 */
export function suggestedCategory(
  proposal: Proposal,
  categories: readonly Category[],
): string | null {
  for (const phrase of [proposal.label, proposal.referring]) {
    const words = ` ${plainWords(phrase ?? '')} `;
    const known = categories
      .filter((category) => words.includes(` ${plainWords(category.name)} `))
      .sort((a, b) => b.name.length - a.name.length)[0];
    if (known) return known.name;
  }
  const phrase = withoutArticle(proposal.label ?? proposal.referring ?? '');
  const isShort = phrase !== '' && phrase.split(' ').length <= longestCategoryWords;
  return isShort ? phrase : null;
}

function plainWords(phrase: string): string {
  return phrase
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function withoutArticle(phrase: string): string {
  return plainWords(phrase).replace(/^(a|an|the|all|every) /, '');
}
