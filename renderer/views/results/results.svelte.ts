import type { ScoreComparison } from '../../../core/scores/compare.ts';
import type { ScoreRow, ScoreRowQuery, ScoreRun } from '../../../core/scores/run.ts';
import { scoreTaskIds, type ScoreTaskId } from '../../../core/scores/tasks/registry.ts';
import type { Studio } from '../../studio.svelte.ts';

/** Items that are shown at once. */
export const pageSize = 24;

/** The scores of the open project, and which of them are looked at. */
export class Results {
  runs = $state.raw<readonly ScoreRun[] | null>(null);
  /** The run whose items are shown. */
  selectedId = $state<string | null>(null);
  /** The run that it is compared with. */
  referenceId = $state<string | null>(null);
  comparison = $state.raw<ScoreComparison | null>(null);
  agreements = $state.raw<readonly number[]>([]);
  rows = $state.raw<readonly ScoreRow[]>([]);
  order = $state<ScoreRowQuery['order']>('worst');
  offset = $state(0);
  readonly selected = $derived(this.runs?.find(({ id }) => id === this.selectedId) ?? null);
  /** The runs of the selected one's task, the newest first. */
  readonly ofTask = $derived(
    this.runs?.filter(({ report }) => report.task === this.selected?.report.task) ?? [],
  );
  /** Those that the selected run can be compared with: of the same items. */
  readonly comparable = $derived(
    this.ofTask.filter(
      ({ id, report }) =>
        id !== this.selectedId && report.dataset.hash === this.selected?.report.dataset.hash,
    ),
  );
  readonly tasks = $derived(
    scoreTaskIds.filter((id) => this.runs?.some(({ report }) => report.task === id)),
  );
  readonly #studio: Studio;

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** Reads the runs, and shows the newest where none is shown. */
  async read(): Promise<void> {
    await this.#studio.attempt(async () => {
      const before = this.runs?.[0]?.id;
      this.runs = await this.#studio.bridge.call('scores.runs', null);
      const newest = this.runs[0]?.id ?? null;
      const isFresh = newest !== null && newest !== before;
      if (isFresh || this.selected === null) await this.select(newest);
    });
  }

  async showTask(task: ScoreTaskId): Promise<void> {
    await this.select(this.runs?.find(({ report }) => report.task === task)?.id ?? null);
  }

  async select(id: string | null): Promise<void> {
    this.selectedId = id;
    this.referenceId = null;
    this.comparison = null;
    this.offset = 0;
    this.agreements = [];
    this.rows = [];
    if (id === null) return;
    await this.#studio.attempt(async () => {
      const found = await this.#studio.bridge.call('scores.agreements', { runId: id });
      if (this.selectedId === id) this.agreements = found;
    });
    await this.readRows();
  }

  async turnTo(order: ScoreRowQuery['order'], offset: number): Promise<void> {
    this.order = order;
    this.offset = offset;
    await this.readRows();
  }

  async readRows(): Promise<void> {
    const { selectedId: runId, order, offset } = this;
    if (runId === null) return;
    await this.#studio.attempt(async () => {
      const query = { runId, order, offset, limit: pageSize };
      const rows = await this.#studio.bridge.call('scores.rows', query);
      const isWanted = this.selectedId === runId && this.order === order && this.offset === offset;
      if (isWanted) this.rows = rows;
    });
  }

  async compareWith(id: string | null): Promise<void> {
    const to = this.selectedId;
    this.referenceId = id;
    this.comparison = null;
    if (id === null || to === null) return;
    await this.#studio.attempt(async () => {
      const found = await this.#studio.bridge.call('scores.compare', { from: id, to });
      if (this.referenceId === id && this.selectedId === to) this.comparison = found;
    });
  }

  async remove(id: string): Promise<void> {
    await this.#studio.attempt(async () => {
      this.runs = await this.#studio.bridge.call('scores.remove', { runId: id });
      const { task } = this.runs.find((run) => run.id === this.selectedId)?.report ?? {};
      if (task === undefined) await this.select(this.runs[0]?.id ?? null);
    });
  }
}
