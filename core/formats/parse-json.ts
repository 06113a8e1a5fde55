/**
 * Brackets inside brackets: code that walks through a value calls itself for each, and the stack
 * is finite.
 */
export const deepestJson = 100;

/**
 * The value of a JSON file that is read as a whole.
 * @throws SyntaxError where it is no JSON, or nested more than {@link deepestJson} levels deep
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > deepestJson) {
      throw new SyntaxError(`it is nested more than ${deepestJson} levels deep`);
    }
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  }
  return value;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
