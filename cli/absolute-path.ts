import { resolve } from 'node:path';

/**
 * A path of the command line as a job takes it: a job that is resumed by another process, in
 * another folder, means the same file. Undefined stays so.
 */
export function absolutePath<Given extends string | undefined>(given: Given): Given | string {
  return given === undefined ? given : resolve(given);
}
