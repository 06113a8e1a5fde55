import { SvelteMap } from 'svelte/reactivity';
import type { HostBridge } from '../../app/api/contract.ts';
import { toErrorEnvelope } from '../../core/errors.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import { newId } from '../../core/ids.ts';
import type { ModelRequest, PromptMark } from '../../core/prompt.ts';
import type { RecordId } from '../../core/records.ts';
import {
  proposalsOf,
  requestOf,
  withCandidate,
  type Prompt,
  type PromptSeat,
  type Proposal,
} from './proposal.ts';

type SegmentRequest = Extract<ModelRequest, { task: 'segment' }>;

const nothing: readonly Prompt[] = [];

/**
 * The open prompts of every image. An answer is stored under the image it was asked about, so one
 * that comes late lands there and nowhere else.
 */
export class Prompts {
  /** The other model that each question is put to, too; null: there is none. */
  otherModelId = $state<string | null>(null);
  readonly #bridge: HostBridge;
  readonly #byImage = new SvelteMap<RecordId, readonly Prompt[]>();
  readonly #active = new SvelteMap<RecordId, RecordId>();
  readonly #stopListening: () => void;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
    this.#stopListening = bridge.on('prompt:progress', ({ requestId, imageId, stage, draft }) => {
      const prompt = this.of(imageId).find((known) => waitsFor(known, requestId));
      if (!prompt) return;
      const status = { kind: 'waiting', requestId, stage } as const;
      this.#put({ ...prompt, status, draft: draft ?? prompt.draft });
    });
  }

  dispose(): void {
    this.#stopListening();
  }

  of(imageId: RecordId): readonly Prompt[] {
    return this.#byImage.get(imageId) ?? nothing;
  }

  proposals(imageId: RecordId): readonly Proposal[] {
    return this.of(imageId).flatMap((prompt) => prompt.proposals);
  }

  /** The proposal that Enter accepts and Escape rejects. */
  activeProposal(imageId: RecordId): Proposal | null {
    const proposals = this.proposals(imageId);
    const activeId = this.#active.get(imageId);
    return proposals.find(({ id }) => id === activeId) ?? proposals[0] ?? null;
  }

  activate(imageId: RecordId, proposalId: RecordId): void {
    this.#active.set(imageId, proposalId);
  }

  /** How many masks {@link walk} goes through. */
  stops(imageId: RecordId): number {
    return this.proposals(imageId).reduce((sum, { candidates }) => sum + candidates.length, 0);
  }

  /**
   * Moves to the next or the previous mask, around the end: through all that the model offers for
   * one prompt, then to the next proposal. One that is left shows its best mask again.
   */
  walk(imageId: RecordId, step: 1 | -1): void {
    const proposals = this.proposals(imageId);
    const active = this.activeProposal(imageId);
    if (!active) return;
    const shown = active.shown + step;
    if (shown >= 0 && shown < active.candidates.length) {
      this.#change(imageId, withCandidate(active, shown));
      this.activate(imageId, active.id);
      return;
    }
    const index = (proposals.indexOf(active) + step + proposals.length) % proposals.length;
    const next = proposals[index]!;
    if (active.shown > 0) this.#change(imageId, withCandidate(active, 0));
    if (step < 0 && next.candidates.length > 1) {
      this.#change(imageId, withCandidate(next, next.candidates.length - 1));
    }
    this.activate(imageId, next.id);
  }

  #change(imageId: RecordId, changed: Proposal): void {
    const prompt = this.promptOf(imageId, changed.id);
    if (!prompt) return;
    const proposals = prompt.proposals.map((known) => (known.id === changed.id ? changed : known));
    this.#put({ ...prompt, proposals });
  }

  /**
   * Adds a mark to the image's last drawn prompt and asks again with all of its marks, or opens a
   * new one.
   */
  addMark(
    imageId: RecordId,
    mark: PromptMark,
    which: 'same' | 'new',
    crop: Box | null = null,
  ): void {
    const open = which === 'same' ? this.#openDrawn(imageId) : undefined;
    const prompt = open?.crop === crop ? open : emptyPrompt(imageId, null, crop);
    this.#askSeats({ ...prompt, marks: [...prompt.marks, mark] });
  }

  askWords(imageId: RecordId, words: string, crop: Box | null = null): void {
    this.#askSeats(emptyPrompt(imageId, words, crop));
  }

  /** Asks what was asked for a mask before, one prompt for each of its regions. */
  repeat(imageId: RecordId, { text, regions, crop }: SegmentRequest): void {
    const prompts = regions.map(({ marks }) => marks);
    for (const marks of regions.length > 0 ? prompts : [[]]) {
      this.#askSeats({ ...emptyPrompt(imageId, text, crop ?? null), marks });
    }
  }

  askAgain(prompt: Prompt): void {
    void this.#ask(prompt);
  }

  /** The prompt that a proposal answers. */
  promptOf(imageId: RecordId, proposalId: RecordId | undefined): Prompt | undefined {
    return this.of(imageId).find(({ proposals }) => proposals.some(({ id }) => id === proposalId));
  }

  /** The same question to one of the models. */
  atSeat({ imageId, questionId }: Prompt, seat: PromptSeat): Prompt | undefined {
    return this.of(imageId).find((known) => known.questionId === questionId && known.seat === seat);
  }

  /**
   * Removes a proposal that a person used. With the last one of a prompt, the answer of the other
   * model to the same question goes, too.
   */
  useProposal(imageId: RecordId, proposalId: RecordId): void {
    const prompt = this.promptOf(imageId, proposalId);
    if (!prompt) return;
    const other = this.atSeat(prompt, prompt.seat === 'chosen' ? 'other' : 'chosen');
    if (prompt.proposals.length === 1 && other) this.dropPrompt(other);
    this.dropProposal(imageId, proposalId);
  }

  /** Removes all that the other model was asked. */
  dropOther(): void {
    for (const prompts of [...this.#byImage.values()]) {
      for (const prompt of prompts) if (prompt.seat === 'other') this.dropPrompt(prompt);
    }
  }

  /** Removes one proposal; its prompt goes with the last of them. */
  dropProposal(imageId: RecordId, proposalId: RecordId): void {
    const prompt = this.promptOf(imageId, proposalId);
    if (!prompt) return;
    const proposals = prompt.proposals.filter(({ id }) => id !== proposalId);
    if (proposals.length > 0) this.#put({ ...prompt, proposals });
    else this.dropPrompt(prompt);
  }

  dropPrompt(prompt: Prompt): void {
    this.#cancel(prompt);
    const left = this.of(prompt.imageId).filter(({ id }) => id !== prompt.id);
    this.#byImage.set(prompt.imageId, left);
  }

  #openDrawn(imageId: RecordId): Prompt | undefined {
    return this.of(imageId).findLast(({ marks }) => marks.length > 0);
  }

  /**
   * Asks the chosen model and then the other one. At the same time, each would take longer than it
   * does alone.
   */
  #askSeats(asked: Prompt): void {
    const seats: readonly PromptSeat[] =
      this.otherModelId !== null ? ['chosen', 'other'] : [asked.seat];
    let before: Promise<void> | null = null;
    for (const seat of seats) {
      const known = this.atSeat(asked, seat);
      const { marks } = asked;
      const isOwn = seat === asked.seat;
      const fresh = isOwn ? asked : { ...asked, id: newId(), seat, proposals: [], totalMs: null };
      before = this.#ask({ ...(known ?? fresh), marks }, before);
    }
  }

  /** @param before what the model waits for; null: it is asked at once */
  async #ask(asked: Prompt, before: Promise<void> | null = null): Promise<void> {
    const open = this.of(asked.imageId).find(({ id }) => id === asked.id);
    if (open) this.#cancel(open);
    const requestId = newId();
    const status = { kind: 'waiting', requestId, stage: 'queued' } as const;
    const prompt: Prompt = { ...asked, status, draft: null };
    this.#put(prompt);
    const { imageId, seat } = prompt;
    const request = requestOf(prompt);
    try {
      if (before) {
        await before;
        if (!this.#isCurrent(prompt, requestId)) return;
      }
      const result = await this.#bridge.call('prompt.ask', {
        ...{ requestId, imageId, request },
        ...(seat === 'other' && { of: seat }),
      });
      const proposals = proposalsOf(prompt, request, result);
      const text = result.answers.map((answer) => answer.text).join(' ');
      const found = proposals.length > 0;
      const status = found
        ? ({ kind: 'answered' } as const)
        : ({ kind: 'nothing-found', text } as const);
      const totalMs = result.timings['total'] ?? null;
      const answered = { ...prompt, status, proposals, totalMs, draft: null };
      if (!this.#settle(prompt, requestId, answered)) return;
      const isSecond = seat === 'other' && this.atSeat(prompt, 'chosen')?.proposals.length;
      if (found && !isSecond) this.activate(imageId, proposals[0]!.id);
    } catch (thrown) {
      const error = toErrorEnvelope(thrown);
      this.#settle(prompt, requestId, {
        ...prompt,
        status: { kind: 'failed', error },
        draft: null,
      });
    }
  }

  /** Stores an answer unless its question was dropped or asked anew meanwhile. */
  #settle(prompt: Prompt, requestId: string, answered: Prompt): boolean {
    const isCurrent = this.#isCurrent(prompt, requestId);
    if (isCurrent) this.#put(answered);
    return isCurrent;
  }

  #isCurrent({ imageId }: Prompt, requestId: string): boolean {
    return this.of(imageId).some((known) => waitsFor(known, requestId));
  }

  #cancel(prompt: Prompt): void {
    if (prompt.status.kind !== 'waiting') return;
    const { requestId } = prompt.status;
    // The answer of a dropped question is ignored anyway; cancelling only saves the model's time.
    this.#bridge.call('prompt.cancel', { requestId }).catch(() => undefined);
  }

  #put(prompt: Prompt): void {
    const prompts = this.of(prompt.imageId);
    const isKnown = prompts.some(({ id }) => id === prompt.id);
    this.#byImage.set(
      prompt.imageId,
      isKnown
        ? prompts.map((known) => (known.id === prompt.id ? prompt : known))
        : [...prompts, prompt],
    );
  }
}

function emptyPrompt(imageId: RecordId, words: string | null, crop: Box | null): Prompt {
  return {
    id: newId(),
    questionId: newId(),
    seat: 'chosen',
    imageId,
    marks: [],
    words,
    crop,
    status: { kind: 'answered' },
    proposals: [],
    totalMs: null,
    draft: null,
  };
}

function waitsFor(prompt: Prompt, requestId: string): boolean {
  return prompt.status.kind === 'waiting' && prompt.status.requestId === requestId;
}
