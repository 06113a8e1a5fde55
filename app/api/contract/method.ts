import { z } from 'zod';

/** Carries the output type of a call next to its input schema; holds nothing at run time. */
export interface Method<Input extends z.ZodType, Output> {
  readonly input: Input;
  readonly output?: Output;
}

/** A line of the contract: `method<Output>()(input schema)`. */
export function method<Output>() {
  return <Input extends z.ZodType>(input: Input): Method<Input, Output> => ({ input });
}

/** The input of a method that is told nothing. */
export const nothing = z.undefined().or(z.null());

export const id = z.string().min(1);
