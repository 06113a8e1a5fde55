import type { MeteorTables } from '../meteor15/matches.ts';
import type { Synonyms } from '../meteor.ts';
import type { ScoredPair, TruthKind } from '../scored-item.ts';

/** A number of a task. */
export interface Metric {
  readonly id: string;
  readonly title: string;
  /**
   * As a paper's code computes it, for comparing with its tables, or with that code's faults
   * corrected; null where there is one form only.
   */
  readonly form: 'reference' | 'corrected' | null;
  /** The factor of the displayed value, which is usually from 0 to 1. */
  readonly scale: 1 | 100;
}

/** Resources of scoring besides the answers. */
export interface ScoreResources {
  /** Null: METEOR is without synonyms. */
  readonly synonyms: Synonyms;
  /** Synonyms and paraphrases of Meteor 1.5. */
  readonly meteor: MeteorTables;
}

/**
 * A way to score answers. `Outcome` is what is kept of one item: plain JSON from which the numbers
 * of any set of items follow, so that two runs can be compared on the same draws of items. A new
 * one is a file beside this one and a line in registry.ts.
 */
export interface ScoreTask<
  Id extends string = string,
  Kind extends TruthKind = TruthKind,
  Outcome = unknown,
> {
  readonly id: Id;
  readonly truth: Kind;
  /** Whether words that refer to nothing are not scored. */
  readonly needsTargets?: boolean;
  readonly metrics: readonly Metric[];
  outcomes(pairs: readonly ScoredPair<Kind>[], resources: ScoreResources): Outcome[];
  /** In the order of the metrics; NaN where there is nothing to say. */
  measure(outcomes: readonly Outcome[]): number[];
  /** How often items are drawn for an interval; 1000 unless given. */
  readonly draws?: number;
  /** How near an answer comes to the truth, 0 to 1, for sorting. */
  agreement(outcome: Outcome): number;
}

/** A task with the types of its parts. */
export function defineScoreTask<const Id extends string, const Kind extends TruthKind, Outcome>(
  task: ScoreTask<Id, Kind, Outcome>,
): ScoreTask<Id, Kind, Outcome> {
  return task;
}

/** A metric, by its id. */
export function metric(
  id: string,
  title: string,
  { form = null, scale = 100 }: Partial<Pick<Metric, 'form' | 'scale'>> = {},
): Metric {
  return { id, title, form, scale };
}
