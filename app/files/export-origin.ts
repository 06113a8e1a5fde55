import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../core/formats/json-values.ts';
import { readJsonRows } from '../../core/formats/json-stream.ts';
import { readHead, type OutputRequest } from './output-file.ts';

/** The key under which our files say in their first section where they come from. */
export const originKey = 'pixel_sail_studio';

/** A file to write that may replace only what {@link hasOrigin} knows again by its origin. */
export function outputOfOrigin(
  origin: object,
  request: Omit<OutputRequest, 'isOurs'>,
): OutputRequest {
  return { ...request, isOurs: (file) => hasOrigin(file, origin) };
}

/**
 * Whether a JSON file says at its beginning that we made it of this: its first section is
 * {@link originKey} with `origin` as its value, or an object that holds it.
 */
export async function hasOrigin(file: string, origin: object): Promise<boolean> {
  const head = (await readHead(file)).toString('utf8');
  try {
    for await (const row of readJsonRows([head])) {
      const value = 'value' in row && isObject(row.value) ? row.value : {};
      return isDeepStrictEqual(row.section === originKey ? value : value[originKey], origin);
    }
  } catch {
    // No JSON of ours, or cut off before its first section ends.
  }
  return false;
}
