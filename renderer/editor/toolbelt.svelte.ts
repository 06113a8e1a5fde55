import { SvelteMap } from 'svelte/reactivity';
import type { RecordId } from '../../core/records.ts';
import { ToolOptions } from './tools/tool-options.svelte.ts';
import { toolOf, type ToolId } from './tools/registry.ts';
import { ToolMachine, type Draft, type ToolContext } from './tools/tool.ts';

/**
 * Unfinished drawings of an image that is not shown, and the tools that are in the middle of them.
 */
interface WaitingDrafts {
  readonly machines: readonly (readonly [ToolId, ToolMachine | undefined])[];
  readonly drafts: readonly (readonly [ToolId, Draft])[];
}

/** The tools of an editor: which one is in hand, how they are set, and what each is drawing. */
export class Toolbelt {
  readonly options = new ToolOptions();
  toolId = $state<ToolId>('point');
  /** Unfinished drawings. One that waits while another tool is in hand is kept. */
  readonly drafts = new SvelteMap<ToolId, Draft>();
  readonly #context: ToolContext;
  #imageId: RecordId | null = null;
  /** Drafts and proposals of other images. */
  readonly #waiting = new SvelteMap<RecordId, WaitingDrafts>();
  #machines: Partial<Record<ToolId, ToolMachine | undefined>> = {};

  constructor(context: ToolContext) {
    this.#context = context;
  }

  get machine(): ToolMachine {
    return this.#machineOf(this.toolId);
  }

  /** Of the tool in hand. */
  get draft(): Draft | null {
    return this.drafts.get(this.toolId) ?? null;
  }

  take(id: ToolId): void {
    if (id === this.toolId) return;
    this.machine.leave();
    this.toolId = id;
  }

  draw(draft: Draft | null): void {
    if (draft) this.drafts.set(this.toolId, draft);
    else this.drafts.delete(this.toolId);
  }

  /** Drops the drafts that wait while another tool is in hand. Returns whether there were any. */
  dropWaiting(): boolean {
    const waiting = Array.from(this.drafts.keys()).filter((id) => id !== this.toolId);
    for (const id of waiting) {
      this.#machines[id] = undefined;
      this.drafts.delete(id);
    }
    return waiting.length > 0;
  }

  /** Another image is shown: drafts that can wait do so until theirs is shown again, others end. */
  showImage(imageId: RecordId): void {
    if (imageId === this.#imageId) return;
    this.machine.leave();
    if (this.#imageId && this.drafts.size > 0) {
      const machines = Array.from(this.drafts.keys(), (id) => [id, this.#machines[id]] as const);
      this.#waiting.set(this.#imageId, { machines, drafts: Array.from(this.drafts) });
    }
    this.#imageId = imageId;
    const own = this.#waiting.get(imageId);
    this.#waiting.delete(imageId);
    this.#machines = Object.fromEntries(own?.machines ?? []);
    this.drafts.clear();
    for (const [id, draft] of own?.drafts ?? []) this.drafts.set(id, draft);
  }

  #machineOf(id: ToolId): ToolMachine {
    return (this.#machines[id] ??= new ToolMachine(toolOf(id).make(), this.#context));
  }
}
