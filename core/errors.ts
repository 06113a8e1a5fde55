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
 * It crosses process boundaries as `{code, message, detail}`; anything else becomes `internal`.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    detail: Readonly<Record<string, unknown>> = {},
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
  }
}

/** The form in which an error crosses a process or network boundary. */
export interface ErrorEnvelope {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Wraps any thrown value for the other side; unknown errors keep their message but lose their stack. */
export function toErrorEnvelope(thrown: unknown): ErrorEnvelope {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, detail: thrown.detail };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message, detail: {} };
}

/** The inverse of {@link toErrorEnvelope}. */
export function fromErrorEnvelope(envelope: ErrorEnvelope): AppError {
  return new AppError(envelope.code, envelope.message, envelope.detail);
}

/** Ends an exhaustive switch: the compiler refuses a missing case, the run time names a forged one. */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value: ${JSON.stringify(value)}`);
}
