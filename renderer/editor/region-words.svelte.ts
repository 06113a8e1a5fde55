import { SvelteMap } from 'svelte/reactivity';
import type { HostBridge } from '../../app/api/contract.ts';
import { newId } from '../../core/ids.ts';
import type { ModelRequest } from '../../core/prompt.ts';
import { wordsOfText, type ItemWords } from '../../core/project/make-item.ts';
import type { Annotation, Provenance, RecordId } from '../../core/records.ts';
import type { ItemText } from '../../core/tasks/task.ts';
import { failureText } from '../i18n/failure-text.ts';
import { text } from '../i18n/text.svelte.ts';
import { markOf } from './region-mark.ts';

/** Words the model is writing, or has written, about a region; a person keeps or discards them. */
export interface RegionAnswer {
  readonly annotationId: RecordId;
  readonly requestId: string;
  readonly request: ModelRequest;
  /** The kind of text that keeps it. */
  readonly kind: ItemText['kind'];
  readonly text: string;
  /** Index of the chosen answer of a question. */
  readonly choice: number | null;
  readonly status: 'writing' | 'finished' | 'failed';
  readonly provenance: Provenance | null;
}

/** Descriptions and answers by the model, one at a time for each region. */
export class RegionWords {
  readonly #bridge: HostBridge;
  readonly #answers = new SvelteMap<RecordId, RegionAnswer>();
  readonly #stopListening: () => void;

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
    this.#stopListening = bridge.on('prompt:progress', ({ requestId, token }) => {
      if (token === undefined) return;
      for (const answer of this.#answers.values()) {
        if (answer.requestId !== requestId || answer.status !== 'writing') continue;
        this.#answers.set(answer.annotationId, { ...answer, text: answer.text + token });
      }
    });
  }

  dispose(): void {
    this.#stopListening();
  }

  of(annotationId: RecordId): RegionAnswer | null {
    return this.#answers.get(annotationId) ?? null;
  }

  describe(annotation: Annotation): Promise<void> {
    const regions = [{ marks: [markOf(annotation)] }];
    return this.#ask(annotation, 'description', { task: 'describe', regions });
  }

  ask(annotation: Annotation, question: string, choices: readonly string[]): Promise<void> {
    const regions = [{ marks: [markOf(annotation)] }];
    return this.#ask(annotation, 'question', {
      ...{ task: 'ask', question, choices: [...choices], regions },
    });
  }

  /** Drafts words that mean only this region. */
  refer(annotation: Annotation): Promise<void> {
    const regions = [{ marks: [markOf(annotation)] }];
    const question = text.region.referQuestion;
    return this.#ask(annotation, 'referring', { task: 'ask', question, choices: [], regions });
  }

  /** Stops the model if it still writes. */
  discard(annotationId: RecordId): void {
    const answer = this.#answers.get(annotationId);
    this.#answers.delete(annotationId);
    if (answer?.status !== 'writing') return;
    // The words of a discarded answer are ignored anyway; cancelling only saves the model's time.
    this.#bridge.call('prompt.cancel', { requestId: answer.requestId }).catch(() => undefined);
  }

  async #ask(
    annotation: Annotation,
    kind: RegionAnswer['kind'],
    request: ModelRequest,
  ): Promise<void> {
    const annotationId = annotation.id;
    this.discard(annotationId);
    const requestId = newId();
    const asked: RegionAnswer = {
      annotationId,
      requestId,
      request,
      kind,
      text: '',
      choice: null,
      status: 'writing',
      provenance: null,
    };
    this.#answers.set(annotationId, asked);
    try {
      const { imageId } = annotation;
      const result = await this.#bridge.call('prompt.ask', { requestId, imageId, request });
      const answer = result.answers[0];
      const provenance: Provenance = {
        source: 'model',
        model: result.model,
        request,
        threshold: 0,
        score: answer?.masks[0]?.score ?? 0,
      };
      const choice = answer?.choice ?? null;
      const said = answer?.text ?? '';
      this.#settle({ ...asked, text: said, choice, status: 'finished', provenance });
    } catch (thrown) {
      this.#settle({ ...asked, text: failureText(thrown), status: 'failed' });
    }
  }

  #settle(answer: RegionAnswer): void {
    if (this.#answers.get(answer.annotationId)?.requestId !== answer.requestId) return;
    this.#answers.set(answer.annotationId, answer);
  }
}

/** The words and the provenance of the item that keeps an answer; null of an unfinished one. */
export function keptAnswer(
  answer: RegionAnswer,
): { readonly words: ItemWords; readonly provenance: Provenance } | null {
  const { request, kind, provenance, text: said, choice } = answer;
  if (answer.status !== 'finished' || !provenance) return null;
  if (kind === 'question' && request.task === 'ask') {
    const chosen = choice === null ? said : (request.choices[choice] ?? said);
    const { question, choices } = request;
    const words = wordsOfText({ kind: 'question', question, choices, answer: chosen });
    return { words, provenance };
  }
  const kept: ItemText =
    kind === 'referring' ? { kind, text: bareWords(said) } : { kind: 'description', text: said };
  return { words: wordsOfText(kept), provenance };
}

/** An expression without the quotes and the full stop that models put around it. */
function bareWords(said: string): string {
  return said
    .trim()
    .replace(/^["“'](.*)["”']$/s, '$1')
    .replace(/[.。]$/, '')
    .trim();
}
