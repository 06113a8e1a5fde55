import { sayIn, type Dictionary, type PartsIn, type SentenceSet } from './sentence-set.ts';
import { say, sentences, type PartsOf, type SentenceName } from './sentences.ts';

/** Every error that a person or a caller may act on. The code is stable; the message is for people. */
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
  /** Where other languages can say it too: the name of the sentence that the message is, made from `detail`. */
  readonly sentence: string | null;

  constructor(
    code: ErrorCode,
    message: string,
    detail: Readonly<Record<string, unknown>> = {},
    options: { cause?: unknown; sentence?: string | null } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
    this.sentence = options.sentence ?? null;
  }
}

/** An error with a sentence that every language of the interface has. Its parts are the error's detail. */
export function failure<Name extends SentenceName>(
  code: ErrorCode,
  sentence: Name,
  parts: PartsOf<Name>,
  cause?: unknown,
): AppError {
  return new AppError(code, say(sentences, sentence, parts), { ...parts }, { cause, sentence });
}

/** Makes errors of the sentences that a format or a feature owns, as {@link failure} does of the general ones. */
export function failuresOf<English extends Dictionary>({ english }: SentenceSet<English>) {
  return <Name extends keyof English & string>(
    code: ErrorCode,
    sentence: Name,
    parts: PartsIn<English, Name>,
    cause?: unknown,
  ): AppError =>
    new AppError(code, sayIn(english, sentence, parts), { ...parts }, { cause, sentence });
}

/** The form in which an error crosses a process or network boundary. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly sentence: string | null;
}

/** Wraps any thrown value for the other side; unknown errors keep their message but lose their stack. */
export function toErrorEnvelope(thrown: unknown): ErrorEnvelope {
  if (thrown instanceof AppError) {
    const { code, message, detail, sentence } = thrown;
    return { code, message, detail, sentence };
  }
  // What `AbortSignal.throwIfAborted` throws.
  if (thrown instanceof DOMException && thrown.name === 'AbortError') {
    return toErrorEnvelope(failure('cancelled', 'requestCancelled', {}, thrown));
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, detail: {}, sentence: null };
}

/** The inverse of {@link toErrorEnvelope}. */
export function fromErrorEnvelope({ code, message, detail, sentence }: ErrorEnvelope): AppError {
  return new AppError(code, message, detail, { sentence });
}

/** Ends an exhaustive switch: the compiler refuses a missing case, the run time names a forged one. */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value: ${JSON.stringify(value)}`);
}
