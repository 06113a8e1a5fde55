import { InvalidArgumentError } from 'commander';
import { manifestSchema } from '../models/package/manifest.ts';

/** @throws InvalidArgumentError unless a package can have the id. */
export function parsePackageId(text: string): string {
  if (manifestSchema.shape.id.safeParse(text).success) return text;
  throw new InvalidArgumentError(
    `Expected lower-case letters, digits, dots and hyphens, found "${text}".`,
  );
}
