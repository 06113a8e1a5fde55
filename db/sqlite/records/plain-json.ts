/**
 * Values that most columns with JSON hold, told at a glance: one of them is what its schema in
 * core/records.ts takes, and parsing it would give an equal one. False says nothing: the schema
 * decides.
 */

/** A box, a mask, or polygons. */
export function isPlainGeometry(value: unknown): boolean {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'polygon':
      return hasKeys(value, 2) && isFilledList(value['parts'], 1, isPlainPart);
    case 'box':
      return hasKeys(value, 2) && isPlainBox(value['box']);
    case 'mask':
      return hasKeys(value, 2) && isPlainRle(value['rle']);
    default:
      return false;
  }
}

/** Of a person or of an imported file. */
export function isPlainProvenance(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { by } = value;
  if (by !== undefined && (typeof by !== 'string' || by === '')) return false;
  const more = by === undefined ? 0 : 1;
  switch (value['source']) {
    case 'person':
      return hasKeys(value, 1 + more);
    case 'import':
      return hasKeys(value, 2 + more) && typeof value['file'] === 'string';
    default:
      return false;
  }
}

/** A record with nothing in it. */
export function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && hasKeys(value, 0);
}

/** Keys of imported files: texts, numbers, yes or no, or nothing. */
export function isPlainExtra(value: unknown): boolean {
  if (!isRecord(value)) return false;
  for (const key in value) {
    if (key === '__proto__' || !Object.hasOwn(value, key) || !isPlainScalar(value[key]))
      return false;
  }
  return true;
}

function isPlainScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

function isPlainPart(value: unknown): boolean {
  return (
    isRecord(value) &&
    hasKeys(value, 2) &&
    isPlainRing(value['outer']) &&
    isFilledList(value['holes'], 0, isPlainRing)
  );
}

function isPlainRing(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 6) return false;
  for (let index = 0; index < value.length; index++) {
    const number: unknown = value[index];
    if (typeof number !== 'number' || !Number.isFinite(number)) return false;
  }
  return true;
}

export function isPlainBox(value: unknown): boolean {
  if (!isFilledList(value, 4, Number.isFinite)) return false;
  const box = value as readonly number[];
  return box.length === 4 && box[2]! >= 0 && box[3]! >= 0;
}

function isPlainRle(value: unknown): boolean {
  if (!isRecord(value) || !hasKeys(value, 2) || typeof value['counts'] !== 'string') return false;
  const { size } = value;
  return isFilledList(size, 2, isPlainLength) && (size as readonly unknown[]).length === 2;
}

function isPlainLength(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

export function isFilledList(
  value: unknown,
  atLeast: number,
  isPlain: (entry: unknown) => boolean,
): boolean {
  if (!Array.isArray(value) || value.length < atLeast) return false;
  for (let index = 0; index < value.length; index++) if (!isPlain(value[index])) return false;
  return true;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a parsed object has this many keys. */
export function hasKeys(value: object, count: number): boolean {
  let found = 0;
  for (const key in value) if (Object.hasOwn(value, key)) found += 1;
  return found === count;
}

/** Whether it is a whole number from `least` to `most`. */
export function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}
