import { SvelteMap } from 'svelte/reactivity';
import { ToolOptions } from './tools/tool-options.svelte.ts';
import { toolOf, type ToolId } from './tools/registry.ts';
import { ToolMachine, type Draft, type ToolContext } from './tools/tool.ts';

/** The tools of an editor: which one is in hand, how they are set, and what each is drawing. */
export class Toolbelt {
  readonly options = new ToolOptions();
  toolId = $state<ToolId>('point');
  /** Unfinished drawings. One that waits while another tool is in hand is kept. */
  readonly drafts = new SvelteMap<ToolId, Draft>();
  readonly #context: ToolContext;
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

  /** Ends what can be ended and forgets every draft, for another image is shown. */
  putDown(): void {
    this.machine.leave();
    this.#machines = {};
    this.drafts.clear();
  }

  #machineOf(id: ToolId): ToolMachine {
    return (this.#machines[id] ??= new ToolMachine(toolOf(id).make(), this.#context));
  }
}
