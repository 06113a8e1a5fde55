/** Far more than any drawing of a few thousand shapes has. */
const maximumSvgBytes = 1e6;
/** Shapes and groups, each of which may cover every pixel. */
const maximumPaintedPixels = 2e8;
/**
 * The parts of an outline may all cross each other, so its length counts squared: one of 5 kB, or
 * 2,500 of 100 bytes, take seconds.
 */
const maximumSquaredOutlines = 2.5e7;

/**
 * The permitted elements: shapes, text and gradients. Elements that show other files or repeat
 * parts (`image`, `use`, `pattern`, `mask`, `clipPath`, `marker`, `filter`) let a drawing of a
 * kilobyte keep a machine busy for hours, and no renderer can be stopped in the middle.
 */
const drawnElements = new Set(
  (
    'svg g a title desc metadata defs style path rect circle ellipse line polyline polygon text tspan ' +
    'linearGradient radialGradient stop'
  ).split(' '),
);
/** Facts about the drawing that editors leave behind, in names of their own; they are not drawn. */
const editorsPrefixes = new Set(['sodipodi', 'inkscape', 'rdf', 'cc', 'dc', 'sketch']);

/**
 * Whether a file begins as markup does, or as compressed markup: only a drawing may, and no photo
 * does.
 */
export function looksLikeMarkup(start: Uint8Array): boolean {
  if (start[0] === 0x1f && start[1] === 0x8b) return true;
  // UTF-16 and UTF-32 have a zero beside every sign of ASCII.
  const text = Buffer.from(start.filter((byte) => byte !== 0)).toString('latin1');
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(text);
}

/**
 * Why an SVG is not drawn, or null. A file that it refers to would be read from this machine or
 * the network, or be shown to a person and not to a model.
 */
export function whyNotDrawn(bytes: Uint8Array): string | null {
  if (bytes.length > maximumSvgBytes) {
    return `the drawing has ${bytes.length} bytes; at most ${maximumSvgBytes} are read`;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return 'the drawing is not in UTF-8';
  }
  const encoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)/.exec(text)?.[1];
  if (encoding !== undefined && !/^(?:utf-8|us-ascii|ascii)$/i.test(encoding)) {
    return `the drawing is not in UTF-8 but in ${encoding}`;
  }
  if (/<!ENTITY|<!DOCTYPE[^>]*\[/i.test(text)) return 'the drawing declares entities';
  if (/<\?xml-stylesheet|@import/i.test(text)) return 'the drawing refers to a style sheet';
  const reference = externalReference(text);
  if (reference !== null) return `the drawing refers to "${reference.slice(0, 80)}"`;
  const element = elementsOf(text).find((name) => !isDrawn(name));
  if (element !== undefined)
    return `the drawing has a <${element.slice(0, 40)}>, which is not drawn`;
  if (/dasharray/i.test(text)) return 'the drawing has dashed lines, which are not drawn';
  if (/mix-blend-mode|isolation/i.test(text))
    return 'the drawing blends its parts, which is not drawn';
  return hasSimpleStyles(text) ? null : 'the drawing has styles that are too complicated';
}

/**
 * Whether a drawing of this size has too many shapes, or too long outlines, to be painted in
 * seconds.
 */
export function isTooMuchToPaint(bytes: Uint8Array, width: number, height: number): boolean {
  const text = Buffer.from(bytes).toString('utf8');
  const outlines = text.matchAll(/[\s"'](?:d|points)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  const squared = [...outlines].reduce((sum, [outline]) => sum + outline.length ** 2, 0);
  return (
    elementsOf(text).length * width * height > maximumPaintedPixels ||
    squared > maximumSquaredOutlines
  );
}

function elementsOf(text: string): string[] {
  return [...text.matchAll(/<([^\s/>="'<!?]+)/g)].map(([, name]) => name!);
}

function isDrawn(element: string): boolean {
  const [prefix, name] = element.includes(':') ? element.split(':') : ['svg', element];
  return editorsPrefixes.has(prefix!) || (prefix === 'svg' && drawnElements.has(name!));
}

/**
 * The first reference that leads out of the drawing; links that a person may click draw nothing.
 */
function externalReference(text: string): string | null {
  const drawn = text.replace(/<a\s[^<>]*>/gi, '');
  const attributes = drawn.matchAll(/[\s:](?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi);
  const addresses = drawn.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^)]*))/gi);
  for (const [, ...groups] of [...attributes, ...addresses]) {
    const found: readonly (string | undefined)[] = groups;
    const reference = found.find((value) => value !== undefined) ?? '';
    if (!/^\s*#/.test(reference)) return reference;
  }
  return null;
}

/**
 * Names of elements, classes and ids alone: what combines them can take a renderer very long to
 * match.
 */
function hasSimpleStyles(text: string): boolean {
  const rule = /^[.#]?[\w-]+(?:,[.#]?[\w-]+)*\{[^{}]*\}/;
  return [...text.matchAll(/<(?:svg:)?style\b[^>]*>([^]*?)<\/(?:svg:)?style/g)].every(([, css]) => {
    let rest = css!.replaceAll(/<!\[CDATA\[|\]\]>|\/\*[^]*?\*\//g, '').replaceAll(/\s+/g, '');
    for (let found = rule.exec(rest); found; found = rule.exec(rest)) {
      rest = rest.slice(found[0].length);
    }
    return rest === '';
  });
}
