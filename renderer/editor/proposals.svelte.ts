import { stepLabel, type StepLabel } from '../../core/project/step-labels.ts';
import type { HostBridge } from '../../app/api/contract.ts';
import type { Diff } from '../../core/diff.ts';
import type { Box } from '../../core/geometry/shapes.ts';
import { noCategoryColor } from './category-colors.ts';
import { startingValues } from './category-changes.ts';
import { acceptProposal, chooseCategory, type CategoryChoice, choiceId } from './changes.ts';
import type { Document } from './document.svelte.ts';
import { useProposal, type ProposalUse } from './geometry-changes.ts';
import { Prompts } from './prompts.svelte.ts';
import { suggestedCategory, type Proposal } from './proposal.ts';
import type { Regions } from './regions.svelte.ts';

const mostRecent = 12;

/** The editor that turns proposals into regions. */
interface Accepting {
  readonly bridge: HostBridge;
  readonly document: Document;
  readonly regions: Regions;
  /** Whether a category may be given; where not, the person is told why. */
  mayUse(choice: CategoryChoice): boolean;
  commit(label: StepLabel, diff: Diff): void;
  addRegion(label: StepLabel, diff: Diff, name: string): void;
  attempt(work: () => Promise<void> | void): Promise<void>;
  /** Whether a change leaves locked regions alone; where not, the person is told. */
  mayEdit(change: Diff): boolean;
}

/** The questions to the model about the shown image, and what a person makes of its proposals. */
export class Proposals {
  readonly prompts: Prompts;
  readonly #accepting: Accepting;
  /** Category names that were used, the last first. */
  recentNames = $state.raw<readonly string[]>([]);
  /** The category name used last; drawn shapes get it, and proposals that suggest none. */
  lastName = $state('');
  /** The category typed or chosen for the active proposal; null means the suggestion. */
  chosenName = $state<string | null>(null);
  /** All that the model is shown of the image; null for all of it. */
  crop = $state.raw<Box | null>(null);

  /** The proposal that Enter accepts and Escape rejects. */
  readonly active = $derived.by(() => {
    const { image } = this.#accepting.document;
    return image ? this.prompts.activeProposal(image.id) : null;
  });
  /** The category that the active proposal gets when it is accepted. */
  readonly name = $derived.by(() => {
    if (this.chosenName !== null || !this.active) return this.chosenName ?? '';
    const { categories } = this.#accepting.document;
    return suggestedCategory(this.active, categories) ?? this.lastName;
  });
  /** Of the category that the active proposal gets, as #rrggbb; a new one's comes with it. */
  readonly color = $derived.by(() => {
    const choice = chooseCategory(this.name, this.#accepting.document.categories);
    return choice.kind === 'none' ? noCategoryColor : choice.category.color;
  });

  constructor(accepting: Accepting) {
    this.#accepting = accepting;
    this.prompts = new Prompts(accepting.bridge);
  }

  dispose(): void {
    this.prompts.dispose();
  }

  /** Takes note of the category that a region got. */
  noteUse(name: string): void {
    this.lastName = name;
    if (name === '') return;
    const others = this.recentNames.filter((known) => known !== name);
    this.recentNames = [name, ...others].slice(0, mostRecent);
  }

  /** Another image is shown; its own questions are still there. */
  reset(): void {
    this.crop = null;
    this.chosenName = null;
  }

  askWords(words: string): void {
    const { image } = this.#accepting.document;
    if (image && words.trim() !== '') this.prompts.askWords(image.id, words.trim(), this.crop);
  }

  accept(proposal: Proposal, name: string): void {
    const { document } = this.#accepting;
    const { image, categories } = document;
    if (!image) return;
    const choice = chooseCategory(name, categories);
    if (!this.#accepting.mayUse(choice)) return;
    const values = startingValues(choiceId(choice), document.categories);
    const diff = acceptProposal(proposal, choice, image, document.nextZOrder(), values);
    this.prompts.useProposal(image.id, proposal.id);
    this.#accepting.addRegion(stepLabel('accept', { name }), diff, name);
  }

  /** Of two compared models, those of the one that made the active proposal. */
  acceptAll(name: string): void {
    for (const proposal of this.ofActiveSeat) this.accept(proposal, name);
  }

  /** All proposals of the model that made the active one. */
  get ofActiveSeat(): readonly Proposal[] {
    const { image } = this.#accepting.document;
    if (!image) return [];
    const seat = this.prompts.promptOf(image.id, this.active?.id)?.seat;
    const prompts = this.prompts.of(image.id).filter((prompt) => prompt.seat === seat);
    return prompts.flatMap(({ proposals }) => proposals);
  }

  /** Adds a proposal to the selected region, takes it out, or lets it take the region's place. */
  use(proposal: Proposal, use: ProposalUse): void {
    const { document, regions } = this.#accepting;
    const { image } = document;
    const { selected } = regions;
    if (!image || !selected) return;
    void this.#accepting.attempt(() => {
      const diff = useProposal(selected, proposal, use, image);
      if (!this.#accepting.mayEdit(diff)) return;
      this.#accepting.commit(stepLabel('useProposal', { use }), diff);
      this.chosenName = null;
      this.prompts.useProposal(image.id, proposal.id);
    });
  }

  reject(proposal: Proposal): void {
    this.chosenName = null;
    const { image } = this.#accepting.document;
    if (image) this.prompts.dropProposal(image.id, proposal.id);
  }

  walk(step: 1 | -1): void {
    this.chosenName = null;
    const { image } = this.#accepting.document;
    if (image) this.prompts.walk(image.id, step);
  }
}
