import { overlapIou, rleArea, rleOverlap, rleUnion } from '../geometry/rle.ts';
import type { Rle } from '../geometry/shapes.ts';
import { meteor, meteorOfTokens, type Synonyms } from './meteor.ts';
import { meanOf } from './referring.ts';

/**
 * PerBench (Pixel-SAIL, arXiv 2504.10465), in two forms: as its public code scores it
 * (bytedance/Sa2VA, sa2va_eval/projects/ST/eval/stbench_*.py), whose numbers can be compared with
 * the paper's table 3; and corrected.
 */
export interface DescriptionOutcome {
  /**
   * 0 to 1. As the code: tokens are parted by spaces, and the answer is passed where the truth
   * belongs.
   */
  readonly meteorSwapped: number;
  /** 0 to 1. Of words without punctuation, the truth as the reference. */
  readonly meteor: number;
}

export function descriptionOutcome(
  answer: string,
  truth: string,
  synonyms: Synonyms,
): DescriptionOutcome {
  const tokens = (text: string) => text.split(/\s+/u).filter((token) => token !== '');
  return {
    meteorSwapped: meteorOfTokens(tokens(truth), [tokens(answer)], synonyms),
    meteor: meteor(answer, [truth], synonyms),
  };
}

export interface ChoiceOutcome {
  /** 1 where the answer contains the truth, letter by letter, as the code has it. */
  readonly contained: 0 | 1;
  /** 1 where the choice that was taken is the right one. */
  readonly chosen: 0 | 1;
}

/**
 * @param choices may be unknown: then the truth must stand in the answer as whole words
 * @param choice the choice that the model takes, where it says so; else it is the only one, or the
 * longest, that the answer holds
 */
export function choiceOutcome(
  answer: { readonly text: string; readonly choice: string | null },
  truth: { readonly choices: readonly string[]; readonly answer: string },
): ChoiceOutcome {
  const taken = answer.choice ?? takenChoice(answer.text, truth.choices);
  const isChosen =
    truth.choices.length > 0 ? taken === truth.answer : holdsWords(answer.text, truth.answer);
  return {
    contained: answer.text.includes(truth.answer) ? 1 : 0,
    chosen: isChosen ? 1 : 0,
  };
}

/**
 * The one choice that a text names; a choice inside a longer one that is named, too, does not
 * count. Null of several or none.
 */
function takenChoice(text: string, choices: readonly string[]): string | null {
  const held = choices.filter((choice) => holdsWords(text, choice));
  const longest = held.filter((choice) =>
    held.every((other) => other === choice || !holdsWords(other, choice)),
  );
  return longest.length === 1 ? longest[0]! : null;
}

/** Whether a text holds others as whole words, in any case. */
function holdsWords(text: string, part: string): boolean {
  const plain = (each: string) =>
    ` ${each
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .join(' ')
      .trim()} `;
  return plain(text).includes(plain(part));
}

/** Numbers of one item that asks for masks. */
export interface VisualReferringOutcome {
  /**
   * The first mask of the answer against the first of the truth, in pixels; of an item without an
   * answer 0.
   */
  readonly firstIntersection: number;
  readonly firstUnion: number;
  /** Whether there is an answer. */
  readonly answered: 0 | 1;
  /** How many masks the truth has. */
  readonly targets: number;
  /** All masks of the answer against all of the truth. */
  readonly intersection: number;
  readonly union: number;
}

/** @throws AppError `invalid-input` when masks differ in size or are corrupt. */
export function visualReferringOutcome(
  masks: readonly Rle[],
  targets: readonly Rle[],
): VisualReferringOutcome {
  const [first, firstTarget] = [masks[0], targets[0]];
  const overlap =
    first && firstTarget ? rleOverlap(first, firstTarget) : { intersection: 0, union: 0 };
  const united = (all: readonly Rle[]) => (all.length === 0 ? null : all.reduce(rleUnion));
  const [ours, theirs] = [united(masks), united(targets)];
  const area = (mask: Rle | null) => (mask === null ? 0 : rleArea(mask));
  const whole =
    ours && theirs
      ? rleOverlap(ours, theirs)
      : { intersection: 0, union: area(ours) + area(theirs) };
  return {
    firstIntersection: overlap.intersection,
    firstUnion: overlap.union,
    answered: first ? 1 : 0,
    targets: targets.length,
    ...whole,
  };
}

/** 0 to 1; NaN of nothing. */
export interface MaskPairScores {
  readonly ciou: number;
  readonly giou: number;
}

/**
 * As the code scores: only the first mask of answer and truth count; cIoU is over the items that
 * have an answer; gIoU is the sum of those IoUs over the number of all masks of the truth, so an
 * item with several weighs more and can reach only its share. Items without a target, which the
 * code cannot read, are left out.
 */
export function visualReferringReference(
  outcomes: readonly VisualReferringOutcome[],
): MaskPairScores {
  const asked = outcomes.filter(({ targets }) => targets > 0);
  if (asked.length === 0) return { ciou: NaN, giou: NaN };
  const answered = asked.filter((outcome) => outcome.answered === 1);
  const sum = (
    of: (outcome: VisualReferringOutcome) => number,
    all: readonly VisualReferringOutcome[] = answered,
  ) => all.reduce((total, outcome) => total + of(outcome), 0);
  const iou = ({ firstIntersection, firstUnion }: VisualReferringOutcome) =>
    firstUnion === 0 ? 1 : firstIntersection / firstUnion;
  return {
    ciou: sum((each) => each.firstIntersection) / (sum((each) => each.firstUnion) + 1e-10),
    giou: sum(iou) / sum(({ targets }) => targets, asked),
  };
}

/**
 * Every item weighs the same, by all its masks; no answer is an empty mask, and right where
 * nothing is to be marked.
 */
export function visualReferringCorrected(
  outcomes: readonly VisualReferringOutcome[],
): MaskPairScores {
  if (outcomes.length === 0) return { ciou: NaN, giou: NaN };
  const sum = (of: (outcome: VisualReferringOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    ciou: overlapIou({
      intersection: sum(({ intersection }) => intersection),
      union: sum(({ union }) => union),
    }),
    giou: meanOf(outcomes.map(overlapIou)),
  };
}

/**
 * The overall score of the paper's table 3, 0 to 100: the mean of METEOR, of the accuracy in
 * percent and of the mean of cIoU and gIoU.
 * @param meteor,ciou,giou 0 to 100
 * @param accuracy 0 to 1
 */
export function perbenchOverall(parts: {
  readonly meteor: number;
  readonly accuracy: number;
  readonly ciou: number;
  readonly giou: number;
}): number {
  return (parts.meteor + 100 * parts.accuracy + (parts.ciou + parts.giou) / 2) / 3;
}
