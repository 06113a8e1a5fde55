import type { z } from 'zod';
import { ClaimedNames } from '../claimed-names.ts';
import { isObject, otherKeys, type JsonObject } from '../json-values.ts';
import type { JsonRow } from '../json-stream.ts';
import { isCocoId } from './row.ts';

type Json = z.infer<ReturnType<typeof z.json>>;

/** A row of `licenses`, as its file has it. */
export type License = Readonly<Record<string, Json>>;

/** The `info` and `licenses` of a COCO file. */
export interface DatasetAbout {
  /** Without what we write there ourselves; null where it says nothing. */
  readonly info: Readonly<Record<string, Json>> | null;
  readonly licenses: readonly License[];
}

/** The key of `info` by which we know our own files; see app/files/export-origin.ts. */
const ownKey = 'pixel_sail_studio';

/** Reads `info` and `licenses` among the rows of a file. */
export function aboutIn(rows: Iterable<JsonRow>): DatasetAbout {
  let info: DatasetAbout['info'] = null;
  const licenses: License[] = [];
  for (const row of rows) {
    if (!('value' in row) || !isObject(row.value)) continue;
    if (row.section === 'info') {
      // Fields that each export generates are not kept.
      if (!(ownKey in row.value)) info = otherKeys(row.value, []);
    } else if (row.section === 'licenses' && row.index !== null && row.value['id'] !== undefined) {
      licenses.push(otherKeys(row.value, []));
    }
  }
  return { info, licenses };
}

/** The licences of a project and of a file in one list, and what the file's numbers are in it. */
export interface MergedLicenses {
  readonly licenses: readonly License[];
  /**
   * By the number in the file, as text, where it is another one in the list; null where several
   * licences of the file have the number.
   */
  readonly renumbered: ReadonlyMap<string, string | number | null>;
}

/**
 * Adds a file's licences to those of a project; two of one number but other words stay two. Those
 * of one file that share a number are left out, because an image with it may have each.
 */
export function mergeLicenses(
  before: readonly License[],
  found: readonly License[],
): MergedLicenses {
  const licenses = [...before];
  const renumbered = new Map<string, string | number | null>();
  const claimed = new ClaimedNames<string>();
  for (const license of found) claimed.add(String(license['id']), wordsOf(license));
  for (const license of found) {
    const words = wordsOf(license);
    const same = licenses.find((known) => wordsOf(known) === words);
    if (!isCocoId(license['id'])) {
      // No image names it.
      if (!same) licenses.push(license);
    } else if (claimed.sharedBy(String(license['id'])) !== null) {
      renumbered.set(String(license['id']), null);
    } else if (same) {
      const { id } = same;
      if (isCocoId(id) && String(id) !== String(license['id'])) {
        renumbered.set(String(license['id']), id);
      }
    } else if (licenses.some((known) => String(known['id']) === String(license['id']))) {
      const next = 1 + Math.max(0, ...licenses.map((known) => Number(known['id']) || 0));
      renumbered.set(String(license['id']), next);
      licenses.push({ ...license, id: next });
    } else {
      licenses.push(license);
    }
  }
  return { licenses, renumbered };
}

/** All that a licence says besides its number. */
function wordsOf(license: JsonObject): string {
  const words = Object.entries(otherKeys(license, ['id']));
  return JSON.stringify(words.sort(([left], [right]) => (left < right ? -1 : 1)));
}
