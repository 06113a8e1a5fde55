/**
 * A coordinate as a fraction of the width or height, with as many digits as bring it back within a
 * millionth of a pixel and onto the same fifth of a pixel, from which pycocotools fills outlines.
 * @param size width or height, in pixels, as the coordinate
 */
export function fractionText(coordinate: number, size: number): string {
  const fraction = coordinate / size;
  const decimals = 6 + Math.ceil(Math.log10(size));
  const text = withoutZeros(fraction.toFixed(decimals));
  return fifth(Number(text) * size) === fifth(coordinate)
    ? text
    : withoutZeros(exactText(fraction));
}

/** The shortest decimals that are this very number. */
function exactText(fraction: number): string {
  const text = String(fraction);
  return text.includes('e') ? fraction.toFixed(20) : text;
}

function fifth(coordinate: number): number {
  return Math.trunc(5 * coordinate + 0.5);
}

function withoutZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
