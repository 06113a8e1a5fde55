import type { HostBridge } from '../../app/api/contract.ts';
import type { HistoryStep } from '../../app/api/contract/journal.ts';
import type { Person } from '../../core/records.ts';

const pageSize = 100;

/** The steps of the journal, newest first, as far as they were looked at. */
export class History {
  steps = $state.raw<readonly HistoryStep[]>([]);
  /** Persons who worked on the project. */
  people = $state.raw<readonly Person[]>([]);
  /** Whether the first step of the project is among them. */
  isComplete = $state(false);
  readonly #bridge: HostBridge;
  /** Counts readings, so that one that comes late does not replace a newer one. */
  #reading = 0;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
  }

  /** The step that undo would take back; null when nothing is done. */
  get current(): HistoryStep | null {
    return this.steps.find(({ done }) => done) ?? null;
  }

  /** Reads again as many steps as are shown, at least a page. */
  async reload(): Promise<void> {
    await this.#read([], Math.max(this.steps.length, pageSize));
  }

  async loadMore(): Promise<void> {
    if (!this.isComplete) await this.#read(this.steps, pageSize);
  }

  async #read(before: readonly HistoryStep[], count: number): Promise<void> {
    const reading = ++this.#reading;
    const limit = Math.min(count, 1000);
    const last = before.at(-1);
    const [page, people] = await Promise.all([
      this.#bridge.call('journal.history', { ...(last && { before: last.id }), limit }),
      this.#bridge.call('journal.people', null),
    ]);
    if (reading !== this.#reading) return;
    this.steps = [...before, ...page];
    this.people = people;
    this.isComplete = page.length < limit;
  }
}
