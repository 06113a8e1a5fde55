import { describe, expect, it } from 'vitest';
import { luminanceOf, nextCategoryColor, shadeOf } from '../../../core/category-colors.ts';
import { outlineLines, proposalLines } from '../../../renderer/canvas/outline-look.ts';

const grounds = ['#ffffff', '#000000', '#808080', '#ff0000', '#0000ff', '#ffee00'];
const colors = Array.from({ length: 72 }, (_, index) => shadeOf(nextCategoryColor(index), index));

/**
 * The contrast of a line with a ground by WCAG; a line that lets some of the ground through is
 * mixed with it.
 */
function contrast(line: string, ground: string): number {
  const [light, dark] = [luminance(line, ground), luminanceOf(ground)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(line: string, ground: string): number {
  if (line.startsWith('#')) return luminanceOf(line);
  const [, value, share] = /rgb\((\d+) \d+ \d+ \/ (\d+)%\)/.exec(line)!;
  const mixed = [1, 3, 5].map((at) => {
    const part = Number.parseInt(ground.slice(at, at + 2), 16);
    const shown = part + (Number(value) - part) * (Number(share) / 100);
    return Math.round(shown).toString(16).padStart(2, '0');
  });
  return luminanceOf(`#${mixed.join('')}`);
}

describe('outlines', () => {
  it.each(grounds)('have a line that is seen on %s, whatever the category', (ground) => {
    for (const color of colors) {
      for (const lines of [outlineLines(color, false), outlineLines(color, true)]) {
        const best = Math.max(...lines.map((line) => contrast(line.color, ground)));
        expect(best, color).toBeGreaterThan(2);
      }
    }
  });

  it.each(grounds)(
    'of proposals have black and white lines, one of which is seen on %s',
    (ground) => {
      for (const color of colors) {
        const best = Math.max(
          ...proposalLines(color, true).map((line) => contrast(line.color, ground)),
        );
        expect(best, color).toBeGreaterThan(4.5);
      }
    },
  );
});
