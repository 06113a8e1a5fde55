import { decodeRle } from '../../core/geometry/rle.ts';
import type { Bitmap } from '../../core/geometry/shapes.ts';
import type { RgbImage } from '../image/rgb-image.ts';
import type { Target } from './targets.ts';

/**
 * A description of an object from its category, its pixels and its neighbours, such as "a brown
 * horse, next to grass": the sentence that models/training teaches of a region that is looked at
 * closely.
 * @param others the other objects of the photo.
 */
export function templateDescription(
  target: Target,
  others: readonly Target[],
  photo: RgbImage,
): string {
  const mask = decodeRle(target.rle);
  const neighbour = neighbourOf(target, mask, others);
  const noun = `${regionColor(photo, mask)} ${target.category}`.trim();
  return [
    withArticle(noun),
    ...(neighbour === null ? [] : [`next to ${withArticle(neighbour)}`]),
  ].join(', ');
}

/** Names that take no article, by their last word. */
const uncounted = new Set(
  (
    'grass water sky hair skin vegetation pavement broccoli accessories boots flats glasses gloves heels jeans leggings ' +
    'loafers pants pumps sandals scissors shoes shorts skis sneakers socks stockings sunglasses tights wedges earrings'
  ).split(' '),
);

function withArticle(phrase: string): string {
  if (uncounted.has(phrase.split(' ').at(-1)!)) return phrase;
  return `${/^[aeiou]/.test(phrase) ? 'an' : 'a'} ${phrase}`;
}

/** Upper ends of the hues in degrees; what is beyond is red again. */
const hues = [
  [16, 'red'],
  [44, 'orange'],
  [68, 'yellow'],
  [170, 'green'],
  [260, 'blue'],
  [310, 'purple'],
  [346, 'pink'],
] as const;

/** The colour word that at least half of the region's pixels share; empty when none is. */
export function regionColor({ pixels }: Pick<RgbImage, 'pixels'>, { data }: Bitmap): string {
  const counts = new Map<string, number>();
  let area = 0;
  for (let index = 0; index < data.length; index++) {
    if (!data[index]) continue;
    area++;
    const [red, green, blue] = pixels.subarray(3 * index, 3 * index + 3) as unknown as Rgb;
    const name = colorName(red, green, blue);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a);
  return best && 2 * best[1] >= area ? best[0] : '';
}

type Rgb = [red: number, green: number, blue: number];

function colorName(red: number, green: number, blue: number): string {
  const value = Math.max(red, green, blue);
  const range = value - Math.min(red, green, blue);
  const saturation = value === 0 ? 0 : (255 * range) / value;
  if (value < 55) return 'black';
  if (saturation < 40 && value > 195) return 'white';
  if (saturation < 45) return 'grey';
  const hue = hueOf(red, green, blue, value, range);
  const name = hues.find(([end]) => hue < end)?.[1] ?? 'red';
  const isDull = value < 170 && saturation < 190;
  return isDull && ['red', 'orange', 'yellow'].includes(name) ? 'brown' : name;
}

/** In degrees. */
function hueOf(red: number, green: number, blue: number, value: number, range: number): number {
  const sixth =
    value === red
      ? (green - blue) / range
      : value === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  return (60 * sixth + 360) % 360;
}

/** Pixels around a region in which its neighbour is looked for. */
const reach = 3;
/** Share of them that one category must fill. */
const leastShare = 1 / 8;

/**
 * The category that fills most of a ring around a region; a smaller object lies over a larger one.
 */
function neighbourOf(target: Target, mask: Bitmap, others: readonly Target[]): string | null {
  const { width, height } = target.image;
  const names: (string | undefined)[] = new Array<undefined>(width * height).fill(undefined);
  for (const other of others.toSorted((a, b) => b.area - a.area)) {
    decodeRle(other.rle).data.forEach((pixel, index) => {
      if (pixel) names[index] = other.category;
    });
  }
  const votes = new Map<string, number>();
  const ring = ringAround(mask);
  for (const index of ring) {
    const name = names[index];
    if (name !== undefined && name !== target.category) votes.set(name, (votes.get(name) ?? 0) + 1);
  }
  const [best] = [...votes].sort(([, a], [, b]) => b - a);
  return best && best[1] >= leastShare * ring.length ? best[0] : null;
}

function ringAround({ width, height, data }: Bitmap): number[] {
  const near = new Uint8Array(data.length);
  data.forEach((pixel, index) => {
    if (!pixel) return;
    const [x, y] = [index % width, Math.floor(index / width)];
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
      const [from, to] = [Math.max(0, x - reach), Math.min(width - 1, x + reach)];
      near.fill(1, row * width + from, row * width + to + 1);
    }
  });
  return [...near.keys()].filter((index) => near[index] && !data[index]);
}
