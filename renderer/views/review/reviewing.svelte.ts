import type { Person, Review, Verdict } from '../../../core/records.ts';
import type { Agreement, QueuePage, ReviewedThing } from '../../../app/api/contract/reviews.ts';
import { isSettled, type QueueFilter, type QueueRow } from '../../../core/reviewing/queue.ts';
import { choiceOf } from '../../../core/reviewing/verdicts.ts';
import { choicesOf } from '../../../core/tasks/registry.ts';
import type { Editor } from '../../editor/editor.svelte.ts';

/** The actions of the reviewer on the current subject. */
export type ReviewMode = 'judge' | 'reason' | 'fix';

/** The queue of the person who reviews, and the thing that they look at. */
export class Reviewing {
  filter = $state.raw<QueueFilter>({
    ...{ task: null, author: null, categoryId: null },
    ...{ kind: 'open', order: 'project' },
  });
  page = $state.raw<QueuePage | null>(null);
  row = $state.raw<QueueRow | null>(null);
  thing = $state.raw<ReviewedThing | null>(null);
  mode = $state<ReviewMode>('judge');
  people = $state.raw<readonly Person[]>([]);
  agreement = $state.raw<Agreement | null>(null);
  readonly #editor: Editor;
  /** Counts openings, so that what comes late does not replace what is newer. */
  #opening = 0;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  /** Whether the reviewer settles the reviews of others and does not judge blind. */
  get settles(): boolean {
    return isSettled(this.filter.kind);
  }

  /**
   * The choice that the reviewer answered with; null while they have not, or where there are
   * none.
   */
  get chosen(): string | null {
    const { item, own } = this.thing ?? {};
    return item && own ? choiceOf(item, own) : null;
  }

  async setFilter(change: Partial<QueueFilter>): Promise<void> {
    this.filter = { ...this.filter, ...change };
    await this.load();
  }

  /** Reads the queue, and shows its first thing where the one that is shown is not in it. */
  async load(): Promise<void> {
    await this.#editor.attempt(async () => {
      await this.#read();
      const rows = this.page!.rows;
      const same = rows.find(({ id }) => id === this.row?.id);
      await this.#show(same ?? rows[0] ?? null);
    });
  }

  async open(row: QueueRow): Promise<void> {
    await this.#editor.attempt(() => this.#show(row));
  }

  /** The next thing of the queue, or the one before. */
  async step(by: 1 | -1): Promise<void> {
    const rows = this.page?.rows ?? [];
    const at = rows.findIndex(({ id }) => id === this.row?.id);
    const next = rows[at + by];
    if (next) await this.open(next);
  }

  /** Answers an item with choices before its key is shown. */
  async answer(index: number): Promise<void> {
    const { thing } = this;
    if (!thing?.isKeyHidden || !thing.item) return;
    const choice = choicesOf(thing.item)?.choices[index];
    if (choice === undefined) return;
    const { id } = thing.item;
    await this.#editor.attempt(async () => {
      this.thing = await this.#editor.bridge.call('reviews.answer', { id, choice });
    });
  }

  /** Keeps a verdict and goes on. */
  async give(
    verdict: Verdict,
    reason: string | null,
    suggestion?: Review['suggestion'],
  ): Promise<void> {
    const { row, thing } = this;
    if (!row || !thing || thing.isKeyHidden) return;
    await this.#editor.attempt(async () => {
      await this.#editor.document.saves.settled();
      const { kind, id } = row;
      const given = { kind, id, verdict, reason };
      await this.#editor.bridge.call('reviews.give', {
        ...given,
        ...(suggestion !== undefined && { suggestion }),
      });
      await this.#goOn(row);
    });
  }

  async settle(reviewId: string | null, verdict: 'accept' | 'reject'): Promise<void> {
    const { row } = this;
    if (!row) return;
    await this.#editor.attempt(async () => {
      const { kind, id } = row;
      await this.#editor.bridge.call('reviews.settle', { kind, id, reviewId, verdict });
      await this.#goOn(row);
    });
  }

  async loadAgreement(): Promise<void> {
    await this.#editor.attempt(async () => {
      this.agreement = await this.#editor.bridge.call('reviews.agreement', null);
    });
  }

  async #goOn(from: QueueRow): Promise<void> {
    const before = this.page?.rows ?? [];
    const at = before.findIndex(({ id }) => id === from.id);
    await this.#read();
    const rows = this.page!.rows;
    const isLeft = (row: QueueRow) => rows.some(({ id }) => id === row.id);
    const next = [...before.slice(at + 1), ...before.slice(0, Math.max(at, 0))].find(isLeft);
    await this.#show(next ?? rows.find(({ id }) => id !== from.id) ?? null);
    if (this.agreement) void this.loadAgreement();
  }

  async #read(): Promise<void> {
    const { bridge } = this.#editor;
    const [page, people] = await Promise.all([
      bridge.call('reviews.queue', this.filter),
      bridge.call('journal.people', null),
    ]);
    this.page = page;
    this.people = people;
  }

  async #show(row: QueueRow | null): Promise<void> {
    const opening = ++this.#opening;
    const { regions, opened, document, bridge } = this.#editor;
    this.mode = 'judge';
    if (!row) {
      this.row = null;
      this.thing = null;
      regions.litIds = null;
      return;
    }
    const { kind, id } = row;
    const thing = await bridge.call('reviews.open', { kind, id, settles: this.settles });
    if (opening !== this.#opening) return;
    if (document.image?.id !== row.imageId) await opened.show(row.imageId);
    if (opening !== this.#opening) return;
    this.row = row;
    this.thing = thing;
    const about = thing.item?.segments.map(({ annotationId }) => annotationId) ?? [id];
    regions.select(null);
    regions.litIds = about.length > 0 ? about : null;
  }
}
