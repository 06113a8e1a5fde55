import { z } from 'zod';
import { AppError, toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import { contract, type Contract, type MethodName, type MethodOutput } from './contract.ts';

/**
 * One function for every line of the contract. Inputs arrive parsed; `window` is the id of the
 * window that calls, if one does.
 */
export type Handlers = {
  readonly [Name in MethodName]: (
    input: z.output<Contract[Name]['input']>,
    window?: string,
  ) => MethodOutput<Name> | Promise<MethodOutput<Name>>;
};

/** How a call ended, in the form that crosses processes and networks. */
export type CallResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorEnvelope };

/** Whether the name is a line of the contract. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(contract, name);
}

/** Parses the input, calls the handler and wraps what it returns or throws. Never throws itself. */
export async function serveCall(
  handlers: Handlers,
  method: string,
  input: unknown,
  window?: string,
): Promise<CallResult> {
  try {
    if (!isMethodName(method)) {
      throw new AppError('not-found', `There is no method "${method}" in the contract.`);
    }
    const parsed = parseInput(method, input);
    if (!parsed.success) {
      throw new AppError(
        'invalid-input',
        `The input of ${method} is not what the contract says: ${z.prettifyError(parsed.error)}`,
      );
    }
    const handler = handlers[method] as (input: unknown, window?: string) => unknown;
    return { ok: true, value: (await handler(parsed.data, window)) ?? null };
  } catch (thrown) {
    return { ok: false, error: toErrorEnvelope(thrown) };
  }
}

/**
 * @throws AppError `invalid-input` for an input that is nested deeper than any function that calls
 * itself can follow.
 */
function parseInput(method: MethodName, input: unknown) {
  try {
    return contract[method].input.safeParse(input);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new AppError('invalid-input', `The input of ${method} is nested too deeply.`);
  }
}

const clientMessageSchema = z.object({
  id: z.number().int(),
  method: z.string(),
  input: z.unknown(),
  window: z.string().min(1).max(64).optional(),
});

/**
 * Reads one message of a client.
 * @throws AppError `invalid-input` when it is not `{id, method, input}` (and `window`, where one
 * calls).
 */
export function parseClientMessage(value: unknown): z.infer<typeof clientMessageSchema> {
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'invalid-input',
    `A message must be {id: integer, method: string, input}: ${z.prettifyError(parsed.error)}`,
  );
}
