import type { ModelAnswer, ModelRequest } from '../../../core/prompt.ts';
import { Stopwatch } from '../../answer/stopwatch.ts';
import { throwIfCancelled } from '../../cancellation.ts';
import { FamilyModel } from '../../family-model.ts';
import type { CheckedPackage, ServerRuntime } from '../../family.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import type { AnswerEvent, AnswerOptions } from '../../model.ts';
import { serverKey } from './key.ts';
import type { ChatManifest } from './manifest.ts';
import { chosenOf, messagesOf, mostChoices, questionOf } from './messages.ts';
import { picturesOf } from './pictures.ts';
import { chatFailure } from './sentences.ts';
import { ChatServer } from './server.ts';

type WordsRequest = Extract<ModelRequest, { task: 'describe' | 'ask' }>;

/** Asks servers that speak the chat API. */
export const chatRuntime: ServerRuntime<ChatManifest> = {
  async connect(source, { serverKey: kept, signal }) {
    const { id, config } = source.manifest;
    const { key, variable } = serverKey(id, kept);
    const server = new ChatServer(config, key, variable);
    const startedAtMs = performance.now();
    await server.check(signal);
    return new ServedModel(source, server, performance.now() - startedAtMs);
  },
};

class ServedModel extends FamilyModel<ChatManifest> {
  readonly #server: ChatServer;

  constructor(source: CheckedPackage<ChatManifest>, server: ChatServer, selfTestMs: number) {
    const report = { requested: 'auto', used: 'server', name: server.origin } as const;
    super(source, {
      report: { ...report, selfTestMs, threads: 0, fallbacks: [] },
      lease: { sessions: {}, release: () => Promise.resolve() },
    });
    this.#server = server;
  }

  /** @throws AppError `invalid-input` when a question has more choices than letters. */
  requireReadable(request: ModelRequest): void {
    const found = request.task === 'ask' ? request.choices.length : 0;
    if (found <= mostChoices) return;
    throw chatFailure('invalid-input', 'chatManyChoices', { found, most: mostChoices });
  }

  /** A photo leaves the process when something is asked about it, not before. */
  prepare(): Promise<void> {
    return Promise.resolve(this.requireLoaded());
  }

  async *answer(
    image: RgbImage,
    request: ModelRequest,
    options: AnswerOptions = {},
  ): AsyncGenerator<AnswerEvent> {
    this.requireLoaded();
    if (request.task !== 'describe' && request.task !== 'ask') {
      throw chatFailure('invalid-input', 'chatNoMasks', { id: this.manifest.id });
    }
    this.requireReadable(request);
    throwIfCancelled(options.signal);
    const stopwatch = new Stopwatch();
    const answers: ModelAnswer[] = [];
    for (const part of oneByOne(request)) {
      answers.push(yield* this.#answer(image, part, options, stopwatch));
    }
    yield this.resultEvent(answers, stopwatch);
  }

  async *#answer(
    image: RgbImage,
    request: WordsRequest,
    { signal }: AnswerOptions,
    stopwatch: Stopwatch,
  ): AsyncGenerator<AnswerEvent, ModelAnswer> {
    const { longestSide, model } = this.manifest.config;
    yield { kind: 'stage', stage: 'encode' };
    const shown = await stopwatch.time('encode', () =>
      picturesOf(image, request.regions, longestSide),
    );
    throwIfCancelled(signal);
    const question = questionOf(request, request.regions.length > 0);
    yield { kind: 'stage', stage: 'generate' };
    const startedAtMs = performance.now();
    let text = '';
    for await (const piece of this.#server.complete(messagesOf(shown, question), signal)) {
      text += piece;
      yield { kind: 'token', text: piece };
    }
    stopwatch.add('generate', performance.now() - startedAtMs);
    if (text.trim() === '') {
      const server = this.#server.origin;
      throw chatFailure('invalid-input', 'chatEmpty', { server, model });
    }
    const { choices } = question;
    const choice = choices.length === 0 ? null : chosenOf(text, choices);
    return { text: text.trim(), masks: [], choice };
  }

  protected clear(): void {
    // Nothing is kept of a photo.
  }
}

/** Descriptions of several regions are asked for one after another. */
function oneByOne(request: WordsRequest): WordsRequest[] {
  if (request.task === 'ask' || request.regions.length < 2) return [request];
  return request.regions.map((region) => ({ ...request, regions: [region] }));
}
