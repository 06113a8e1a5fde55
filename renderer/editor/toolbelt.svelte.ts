import { ToolOptions } from './tools/tool-options.svelte.ts';
import { ToolMachine, type Draft, type ToolContext, type ToolId } from './tools/tool.ts';
import { makeTool } from './tools/toolbox.ts';

/** The tools of an editor: which one is in hand, how they are set, and what each is drawing. */
export class Toolbelt {
  readonly options = new ToolOptions();
  toolId = $state<ToolId>('point');
  /** Unfinished drawings. One that waits while another tool is in hand is kept. */
  drafts = $state.raw<ReadonlyMap<ToolId, Draft>>(new Map());
  readonly #context: ToolContext;
  readonly #machines = new Map<ToolId, ToolMachine>();

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
    if (!draft && !this.drafts.has(this.toolId)) return;
    const drafts = new Map(this.drafts);
    if (draft) drafts.set(this.toolId, draft);
    else drafts.delete(this.toolId);
    this.drafts = drafts;
  }

  /** Drops the draft that waits while another tool is in hand. Returns whether there was one. */
  dropWaiting(): boolean {
    const waiting = Array.from(this.drafts.keys()).filter((id) => id !== this.toolId);
    for (const id of waiting) this.#machines.delete(id);
    const { draft } = this;
    this.drafts = new Map(draft && [[this.toolId, draft]]);
    return waiting.length > 0;
  }

  /** Ends what can be ended and forgets every draft, for another image is shown. */
  putDown(): void {
    this.machine.leave();
    this.#machines.clear();
    this.drafts = new Map();
  }

  #machineOf(id: ToolId): ToolMachine {
    const machine = this.#machines.get(id) ?? new ToolMachine(makeTool[id](), this.#context);
    this.#machines.set(id, machine);
    return machine;
  }
}
