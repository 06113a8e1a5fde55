import {
  sayIn,
  sentenceSet,
  type Dictionary,
  type PartsIn,
  type SentenceSet,
} from './sentence-set.ts';

/**
 * Every error that a person or a caller may act on. The code is stable; the message is for people.
 */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'already-exists',
  'conflict',
  'cancelled',
  'unsupported',
  'image-unreadable',
  'image-too-large',
  'prompt-outside-image',
  'checkpoint-invalid',
  'package-invalid',
  'model-not-loaded',
  'engine-lost',
  'server-failed',
  'backend-lost',
  'project-not-open',
  'project-locked',
  'project-displaced',
  'database-from-future',
  'database-corrupt',
  'disk-full',
  'permission-denied',
  'dataset-invalid',
  'export-proof-failed',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An error whose message states what was expected, what was found and what to do.
 * It crosses process boundaries as an {@link ErrorEnvelope}; anything else becomes `internal`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, unknown>>;
  /**
   * The name of the sentence that the message is, made from `detail`; null for one that only
   * developers meet.
   */
  readonly sentence: string | null;
  readonly #chinese: (() => string) | null;

  constructor(
    code: ErrorCode,
    message: string,
    detail: Readonly<Record<string, unknown>> = {},
    options: {
      readonly cause?: unknown;
      readonly sentence?: string | null;
      readonly chinese?: (() => string) | null;
    } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
    this.sentence = options.sentence ?? null;
    this.#chinese = options.chinese ?? null;
  }

  /** The message in Chinese; null where it has no sentence. */
  get chinese(): string | null {
    return this.#chinese?.() ?? null;
  }
}

/**
 * Makes errors of the sentences of a format or a feature, in each language. The parts are the
 * error's detail.
 */
export function failuresOf<English extends Dictionary>({ english, chinese }: SentenceSet<English>) {
  return <Name extends keyof English & string>(
    code: ErrorCode,
    sentence: Name,
    parts: PartsIn<English, Name>,
    cause?: unknown,
  ): AppError => {
    const options = { cause, sentence, chinese: () => sayIn(chinese, sentence, parts) };
    return new AppError(code, sayIn(english, sentence, parts), { ...parts }, options);
  };
}

/**
 * Makes clauses of the sentences of a format, all `invalid-input`: what is wrong or doubtful with
 * a row. They have no stack, for a dataset may have a million of them, and where in the program one
 * was made says nothing.
 */
export function problemsOf<English extends Dictionary>(set: SentenceSet<English>) {
  const failureOf = failuresOf(set);
  return <Name extends keyof English & string>(
    sentence: Name,
    parts: PartsIn<English, Name>,
  ): AppError => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return failureOf('invalid-input', sentence, parts);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}

const cancellation = sentenceSet(
  { requestCancelled: () => 'The request was cancelled.' },
  { requestCancelled: () => '请求已取消。' },
);

/** The error of work that a person stopped: `cancelled`. */
export function requestCancelled(cause?: unknown): AppError {
  return failuresOf(cancellation)('cancelled', 'requestCancelled', {}, cause);
}

/** The form in which an error crosses a process or network boundary. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly sentence: string | null;
  /** The message in Chinese, where it has a sentence. */
  readonly chinese?: string;
}

/**
 * Wraps any thrown value for the other side; unknown errors keep their message but lose their
 * stack.
 */
export function toErrorEnvelope(thrown: unknown): ErrorEnvelope {
  if (thrown instanceof AppError) {
    const { code, message, detail, sentence, chinese } = thrown;
    return { code, message, detail, sentence, ...(chinese !== null && { chinese }) };
  }
  // The error that `AbortSignal.throwIfAborted` throws.
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return toErrorEnvelope(requestCancelled(thrown));
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, detail: {}, sentence: null };
}

/** The inverse of {@link toErrorEnvelope}. */
export function fromErrorEnvelope(envelope: ErrorEnvelope): AppError {
  const { code, message, detail, sentence, chinese } = envelope;
  return new AppError(code, message, detail, {
    sentence,
    chinese: chinese === undefined ? null : () => chinese,
  });
}

/**
 * Ends an exhaustive switch: the compiler refuses a missing case, the run time names a forged one.
 */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value: ${JSON.stringify(value)}`);
}
