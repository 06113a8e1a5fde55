import type { HostBridge } from '../../app/api/contract.ts';
import type { Document } from './document.svelte.ts';
import type { Prompt, PromptSeat } from './proposal.ts';
import type { Proposals } from './proposals.svelte.ts';

/** The owner of the questions and their answers; an editor. */
interface Asking {
  readonly bridge: HostBridge;
  readonly document: Document;
  readonly proposals: Proposals;
}

/** The answers of two models to one question; null where one has none, or it was dropped. */
type Answers = Readonly<Record<PromptSeat, Prompt | null>>;

/** Of the outlines of two models, as #rrggbb: told apart also with red-green blindness. */
export const comparedColors: Readonly<Record<PromptSeat, string>> = {
  chosen: '#2f8fff',
  other: '#ff9500',
};

/**
 * Two models that are asked the same: the chosen one, which people know as A, and another one, B.
 */
export class Comparison {
  /** Whether only the outlines of the model with the active proposal are drawn. */
  isAlone = $state(false);
  readonly #asking: Asking;

  /** The answers to the question that waits, else to the one with the active proposal. */
  readonly answers = $derived.by((): Answers => {
    const { document, proposals } = this.#asking;
    const { prompts, active } = proposals;
    if (this.modelId === null || !document.image) return { chosen: null, other: null };
    const asked = prompts.of(document.image.id);
    const current =
      asked.findLast(({ status }) => status.kind === 'waiting') ??
      prompts.promptOf(document.image.id, active?.id) ??
      asked.at(-1);
    const of = (seat: PromptSeat) => (current && prompts.atSeat(current, seat)) ?? null;
    return { chosen: of('chosen'), other: of('other') };
  });
  /** Which model made the active proposal; null where there is none. */
  readonly activeSeat = $derived.by((): PromptSeat | null => {
    const { document, proposals } = this.#asking;
    const imageId = document.image?.id;
    return (imageId && proposals.prompts.promptOf(imageId, proposals.active?.id)?.seat) || null;
  });
  /** The prompts with the drawn outlines. */
  readonly drawn = $derived.by((): readonly Prompt[] => {
    const { document, proposals } = this.#asking;
    const prompts = document.image ? proposals.prompts.of(document.image.id) : [];
    const { activeSeat } = this;
    if (!this.isAlone || !activeSeat) return prompts;
    return prompts.filter(({ seat }) => seat === activeSeat);
  });
  /** Of the proposals of each model; one model's have the colour of their category. */
  readonly colors = $derived.by((): Readonly<Record<PromptSeat, string>> => {
    const { color } = this.#asking.proposals;
    return this.modelId === null ? { chosen: color, other: color } : comparedColors;
  });

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** Id of model B; null while no models are compared. */
  get modelId(): string | null {
    return this.#asking.proposals.prompts.otherModelId;
  }

  dispose(): void {
    if (this.modelId !== null) this.end();
  }

  /**
   * Loads model B and asks it each question from now on.
   * @throws AppError when it cannot be loaded; no models are compared then.
   */
  async begin(modelId: string): Promise<void> {
    const { bridge, proposals } = this.#asking;
    this.#forget();
    await bridge.call('models.loadOther', { modelId });
    proposals.prompts.otherModelId = modelId;
  }

  /** Drops the answers of model B and ends it. */
  end(): void {
    this.#forget();
    const { bridge } = this.#asking;
    // It costs memory at worst: the model ends with the program.
    bridge.call('models.loadOther', { modelId: null }).catch(() => undefined);
  }

  #forget(): void {
    const { prompts } = this.#asking.proposals;
    this.isAlone = false;
    prompts.otherModelId = null;
    prompts.dropOther();
  }

  canTake(seat: PromptSeat): boolean {
    return (this.answers[seat]?.proposals.length ?? 0) > 0;
  }

  /** Activates a proposal of a model. Returns whether it has one. */
  choose(seat: PromptSeat): boolean {
    const prompt = this.answers[seat];
    const first = prompt?.proposals[0];
    if (!prompt || !first) return false;
    const { prompts, active } = this.#asking.proposals;
    const isActive = prompt.proposals.some(({ id }) => id === active?.id);
    if (!isActive) prompts.activate(prompt.imageId, first.id);
    return true;
  }

  /** Draws the outlines of one model, or of both. */
  show(which: PromptSeat | 'both'): void {
    this.isAlone = which !== 'both' && this.choose(which);
  }
}
