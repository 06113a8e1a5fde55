import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../../renderer/styles/tokens.css', import.meta.url), 'utf8');

/** The colours of a theme by the names of their tokens. */
function colorsOf(theme: 'dark' | 'light'): ReadonlyMap<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)![1]!;
  const found = block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g);
  return new Map(Array.from(found, ([, name, value]) => [name!, value!]));
}

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const grounds = ['ground', 'surface', 'raised', 'hover', 'accent-soft'];
const pairs = [
  ...['ink', 'ink-muted'].flatMap((ink) => [...grounds, 'pressed'].map((on) => [ink, on, 4.5])),
  ...['accent', 'good', 'warn', 'bad'].flatMap((ink) =>
    ['ground', 'surface', 'raised'].map((on) => [ink, on, 4.5]),
  ),
  ['ink-faint', 'surface', 4.5],
  ['ink-faint', 'ground', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['bad', 'bad-soft', 4.5],
  ['ink', 'bad-soft', 4.5],
  ['accent-ink', 'accent', 4.5],
  ['ink-muted', 'canvas', 4.5],
  // Borders of controls and the ring of the focus are no text: WCAG 1.4.11 asks 3.
  ...['line-strong', 'accent'].flatMap((line) =>
    ['ground', 'surface', 'raised', 'canvas'].map((on) => [line, on, 3]),
  ),
] as [string, string, number][];

describe.each(['dark', 'light'] as const)('the %s theme', (theme) => {
  const colors = colorsOf(theme);

  it('has a colour for every token that is compared', () => {
    const named = pairs.flatMap(([ink, on]) => [ink, on]);
    expect(named.filter((name) => !colors.has(name))).toEqual([]);
  });

  it('has the contrast of WCAG AA', () => {
    const tooWeak = pairs
      .map(([ink, on, least]) => ({
        ink,
        on,
        least,
        found: contrast(colors.get(ink)!, colors.get(on)!),
      }))
      .filter(({ found, least }) => found < least);
    expect(tooWeak).toEqual([]);
  });
});
