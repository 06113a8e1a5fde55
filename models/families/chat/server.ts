import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { AppError, requestCancelled } from '../../../core/errors.ts';
import { parseServerAddress } from '../../../core/server-address.ts';
import type { ChatConfig } from './config.ts';
import { passProxies } from './proxy.ts';
import { chatFailure } from './sentences.ts';

/** Characters of an answer; far more than anybody writes about a region. */
const mostCharacters = 40_000;
/** Bytes of an answer of one kind or another, beside its characters. */
const mostBytes = 8 << 20;
/** Characters of a server's own words in an error. */
const mostQuoted = 300;

const deltaSchema = z.looseObject({
  content: z.string().nullish(),
  refusal: z.string().nullish(),
});
const choiceSchema = z.looseObject({
  delta: deltaSchema.nullish(),
  message: deltaSchema.nullish(),
  finish_reason: z.string().nullish(),
});
const eventSchema = z.looseObject({
  choices: z.array(choiceSchema).optional(),
  error: z.unknown().optional(),
});
const errorSchema = z.union([
  z
    .looseObject({ error: z.looseObject({ message: z.string() }) })
    .transform((found) => found.error),
  z.looseObject({ error: z.string() }).transform(({ error }) => ({ message: error })),
  z.looseObject({ message: z.string() }),
  z.looseObject({ detail: z.string() }).transform(({ detail }) => ({ message: detail })),
]);
const modelsSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/** A server that speaks the chat API, with the key that it is shown. */
export class ChatServer {
  readonly origin: string;
  readonly #config: ChatConfig;
  readonly #key: string | null;
  /** The environment variable that a person is told to set. */
  readonly #variable: string;

  constructor(config: ChatConfig, key: string | null, variable: string) {
    const { origin, isLoopback } = parseServerAddress(config.url)!;
    if (isLoopback) passProxies(new URL(origin).hostname);
    this.origin = origin;
    this.#config = config;
    this.#key = key;
    this.#variable = variable;
  }

  /**
   * Asks the server which models it has; no photo is sent. A server that does not say is believed.
   * @throws AppError when it cannot be reached, refuses the key, or has no model of the name
   */
  async check(signal?: AbortSignal): Promise<void> {
    const { model } = this.#config;
    await this.#within(signal, async (watch) => {
      const response = await this.#fetch('/models', { method: 'GET' }, watch);
      if ([401, 403].includes(response.status)) throw await this.#failureOf(response, watch);
      const found = response.ok ? await this.#text(response, watch) : '';
      const parsed = modelsSchema.safeParse(jsonOf(found));
      if (!parsed.success) return;
      const known = parsed.data.data.map(({ id }) => id);
      // Ollama lists "llava:latest" and takes "llava".
      if (known.length === 0 || known.some((id) => id === model || id === `${model}:latest`))
        return;
      const named = known.slice(0, 20).map((id) => this.#quoted(id));
      throw this.#failure('invalid-input', 'chatModelUnknown', { model, known: named });
    });
  }

  /**
   * The pieces of an answer as they come.
   * @throws AppError `cancelled`, or a sentence of its own for each thing that can go wrong
   */
  async *complete(messages: readonly unknown[], signal?: AbortSignal): AsyncGenerator<string> {
    const { model, mostTokens } = this.#config;
    const body = JSON.stringify({
      ...{ model, messages, stream: true, temperature: 0, max_tokens: mostTokens },
    });
    const watch = new Watch(this.#config.timeoutSeconds * 1000, signal);
    try {
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
      const response = await this.#fetch(
        '/chat/completions',
        { method: 'POST', headers, body },
        watch,
      );
      if (!response.ok) throw await this.#failureOf(response, watch);
      const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '');
      const events = isStream ? this.#events(response, watch) : [await this.#text(response, watch)];
      yield* this.#words(events);
    } catch (thrown) {
      throw this.#explained(thrown, watch);
    } finally {
      watch.end();
    }
  }

  async *#words(events: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
    let length = 0;
    let isFinished = false;
    for await (const data of events) {
      if (data.trim() === '[DONE]') {
        isFinished = true;
        break;
      }
      const choice = this.#choiceIn(data);
      if (!choice) continue;
      const { content, refusal } = { ...choice.message, ...choice.delta };
      if (refusal)
        throw this.#failure('unsupported', 'chatRefused', { said: this.#quoted(refusal) });
      length += content?.length ?? 0;
      if (length > mostCharacters) {
        throw this.#failure('invalid-input', 'chatTooLong', { most: mostCharacters });
      }
      if (content) yield content;
      this.#requireGoodEnd(choice.finish_reason ?? null);
      isFinished ||= choice.finish_reason != null;
    }
    if (!isFinished) throw this.#failure('server-failed', 'chatCut', {});
  }

  #choiceIn(data: string): z.output<typeof choiceSchema> | undefined {
    const parsed = eventSchema.safeParse(jsonOf(data));
    if (!parsed.success) {
      throw this.#failure('invalid-input', 'chatMalformed', {
        found: this.#quoted(data) || 'nothing',
      });
    }
    const { choices, error } = parsed.data;
    if (error !== undefined && error !== null) {
      const said = this.#quoted(data);
      throw this.#failure('server-failed', 'chatServerFailed', { status: 200, said });
    }
    if (choices === undefined) {
      throw this.#failure('invalid-input', 'chatMalformed', { found: this.#quoted(data) });
    }
    return choices[0];
  }

  #requireGoodEnd(reason: string | null): void {
    if (reason === 'content_filter')
      throw this.#failure('unsupported', 'chatRefused', { said: '' });
    if (reason === 'length') {
      throw this.#failure('invalid-input', 'chatUnfinished', { most: this.#config.mostTokens });
    }
  }

  async *#events(response: Response, watch: Watch): AsyncGenerator<string> {
    let waiting: string[] = [];
    const parser = createParser({ onEvent: ({ data }) => waiting.push(data) });
    for await (const piece of this.#pieces(response, watch)) {
      parser.feed(piece);
      const events = waiting;
      waiting = [];
      yield* events;
    }
  }

  async #text(response: Response, watch: Watch): Promise<string> {
    let text = '';
    for await (const piece of this.#pieces(response, watch)) text += piece;
    return text;
  }

  /** The body as it comes, up to a limit. */
  async *#pieces(response: Response, watch: Watch): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    let bytes = 0;
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      watch.heard();
      bytes += chunk.length;
      if (bytes > mostBytes) {
        throw this.#failure('invalid-input', 'chatTooLong', { most: mostCharacters });
      }
      yield decoder.decode(chunk, { stream: true });
    }
  }

  async #fetch(path: string, init: RequestInit, watch: Watch): Promise<Response> {
    const headers = {
      ...(init.headers as Record<string, string> | undefined),
      ...(this.#key !== null && { authorization: `Bearer ${this.#key}` }),
    };
    // A photo goes where the person allowed it to, and nowhere else.
    const response = await fetch(this.#config.url + path, {
      ...init,
      headers,
      redirect: 'manual',
      signal: watch.signal,
    });
    watch.heard();
    const { status } = response;
    if (status >= 300 && status < 400) {
      throw this.#failure('unsupported', 'chatRedirected', { status });
    }
    return response;
  }

  async #within(signal: AbortSignal | undefined, work: (watch: Watch) => Promise<void>) {
    const watch = new Watch(this.#config.timeoutSeconds * 1000, signal);
    try {
      await work(watch);
    } catch (thrown) {
      throw this.#explained(thrown, watch);
    } finally {
      watch.end();
    }
  }

  async #failureOf(response: Response, watch: Watch): Promise<AppError> {
    const { status, headers } = response;
    const body = await this.#text(response, watch).catch(() => '');
    const parsed = errorSchema.safeParse(jsonOf(body));
    const said = this.#quoted(parsed.success ? parsed.data.message : '');
    const { model } = this.#config;
    if (status === 401 || status === 403) {
      const parts = { status, said, variable: this.#variable };
      return this.#failure('permission-denied', 'chatKeyRefused', parts);
    }
    if (status === 404) return this.#failure('not-found', 'chatNotFound', { model, said });
    if (status === 429) {
      const wanted = Number(headers.get('retry-after') ?? Number.NaN);
      const seconds = Number.isFinite(wanted) ? wanted : null;
      return this.#failure('conflict', 'chatBusy', { said, seconds });
    }
    return status >= 500
      ? this.#failure('server-failed', 'chatServerFailed', { status, said })
      : this.#failure('invalid-input', 'chatRequestRefused', { model, status, said });
  }

  /** The error in words that help; a connection that ends is a TypeError to Node. */
  #explained(thrown: unknown, watch: Watch): unknown {
    if (watch.isCancelled) return requestCancelled(thrown);
    if (thrown instanceof AppError) return thrown;
    if (watch.isLate) {
      const seconds = this.#config.timeoutSeconds;
      return this.#failure('server-failed', 'chatTimeout', { seconds }, thrown);
    }
    if (watch.hasHeard) return this.#failure('server-failed', 'chatCut', {}, thrown);
    const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
    const { code, message } = cause as Partial<NodeJS.ErrnoException>;
    const reason = this.#quoted(code ?? message ?? String(cause));
    return this.#failure('server-failed', 'chatUnreachable', { reason }, thrown);
  }

  #failure<Name extends Parameters<typeof chatFailure>[1]>(
    code: AppError['code'],
    sentence: Name,
    parts: Omit<Parameters<typeof chatFailure<Name>>[2], 'server'>,
    cause?: unknown,
  ): AppError {
    const all = { server: this.origin, ...parts };
    return chatFailure(code, sentence, all as Parameters<typeof chatFailure<Name>>[2], cause);
  }

  /** A server's words on one line, short, and without the key that it may repeat. */
  #quoted(text: string): string {
    const shown = this.#key === null ? text : text.replaceAll(this.#key, '•••');
    const line = shown.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
    return line.length > mostQuoted ? `${line.slice(0, mostQuoted)}…` : line;
  }
}

/** Ends a request after a cancellation, or after too long a silence of the server. */
class Watch {
  readonly #controller = new AbortController();
  readonly #wanted: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  isLate = false;
  hasHeard = false;

  constructor(silenceMs: number, wanted: AbortSignal | undefined) {
    this.#wanted = wanted;
    this.#timer = setTimeout(() => {
      this.isLate = true;
      this.#controller.abort();
    }, silenceMs);
    if (wanted?.aborted) this.#cancel();
    else wanted?.addEventListener('abort', this.#cancel, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isCancelled(): boolean {
    return this.#wanted?.aborted ?? false;
  }

  heard(): void {
    this.hasHeard = true;
    this.#timer.refresh();
  }

  /** Also closes the connection of an answer that nobody reads to its end. */
  end(): void {
    clearTimeout(this.#timer);
    this.#wanted?.removeEventListener('abort', this.#cancel);
    this.#controller.abort();
  }

  readonly #cancel = (): void => this.#controller.abort();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
