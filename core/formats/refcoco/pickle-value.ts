/**
 * A value of a pickle of plain data. Whole numbers beyond 2^53 are bigints; a tuple is read as a
 * list, bytes as text.
 */
export type PickleValue = null | boolean | number | bigint | string | PickleValue[] | PickleMap;

/** A dictionary, in its order. Its keys are plain, too. */
export type PickleMap = Map<PickleValue, PickleValue>;
