/** A part in double quotes, in which two quotes stand for one, or a part up to the next comma. */
const part = /\s*(?:"((?:[^"]|"")*)"\s*|([^,]*))(?:,|$)/gy;

/**
 * Parts between commas, trimmed, empty ones left out; a part that holds a comma stands in double
 * quotes.
 */
export function splitList(text = ''): string[] {
  return [...text.matchAll(part)].flatMap(([, quoted, plain]) => {
    const found = quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"');
    return found || [];
  });
}
