export const tourSteps = ['point', 'keep', 'done', 'export', 'end'] as const;
export type TourStep = (typeof tourSteps)[number];

/** Actions since the start of the tour. */
export interface TourProgress {
  readonly hasProposal: boolean;
  readonly hasRegion: boolean;
  readonly isDone: boolean;
  readonly isExported: boolean;
}

/**
 * Four steps that a person takes in the sample project; each goes on by itself when it is taken.
 */
export class Tour {
  step = $state.raw<TourStep | null>(null);

  /** Regions of an earlier tour are older; they are in the sample still. */
  beganAtMs = 0;

  begin(): void {
    this.beganAtMs = Date.now();
    this.step = 'point';
  }

  end(): void {
    this.step = null;
  }

  /**
   * Goes on past every step that is taken. A person who draws by hand keeps a region without
   * a proposal.
   */
  follow({ hasProposal, hasRegion, isDone, isExported }: TourProgress): void {
    if (this.step === 'point' && (hasProposal || hasRegion)) this.step = 'keep';
    if (this.step === 'keep' && hasRegion) this.step = 'done';
    if (this.step === 'done' && isDone) this.step = 'export';
    if (this.step === 'export' && isExported) this.step = 'end';
  }
}
