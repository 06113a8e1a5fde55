import sharp, { type Sharp } from 'sharp';
import { traceRle } from '../../../core/geometry/trace.ts';
import type { Box, Part, Point, Ring } from '../../../core/geometry/shapes.ts';
import { ringsOf, verticesBox } from '../../../core/geometry/vertices.ts';
import type { PromptMark, RegionPrompt } from '../../../core/prompt.ts';
import type { Size } from '../../image/resize-rule.ts';
import type { RgbImage } from '../../image/rgb-image.ts';
import { modelFailure } from '../../sentences.ts';

/** A region as a server sees it. */
export interface ShownRegion {
  /** The pixels around it, a JPEG file as a data URL. */
  readonly crop: string;
  /** The name of the colour of its outline in the photo. */
  readonly color: string;
}

const jpegQuality = 90;
/** Share of a region's longer side that its crop shows around it. */
const margin = 0.1;
/** Side of the crop around points, as a share of the photo's shorter side. */
const pointedShare = 0.3;
/** A crop is enlarged up to this side, for servers see little in a few pixels. */
const leastCropSide = 224;

const colors = [
  ['red', '#ff2d2d'],
  ['green', '#12d15b'],
  ['blue', '#2d6bff'],
  ['yellow', '#ffe11a'],
  ['magenta', '#ff2dea'],
  ['cyan', '#1ae6ff'],
  ['orange', '#ff9a1a'],
  ['purple', '#8b3dff'],
  ['white', '#ffffff'],
  ['black', '#000000'],
  ['brown', '#8a4b12'],
  ['pink', '#ffb3c8'],
  ['olive', '#808000'],
  ['teal', '#008080'],
  ['grey', '#9a9a9a'],
] as const;

/**
 * The photo with the regions outlined, and each region cut out; no side longer than the given one.
 * @throws AppError `prompt-outside-image` when a region has no pixel in the photo, `invalid-input`
 * when all its marks are negative, or a mask has another size than the photo
 */
export async function picturesOf(
  image: RgbImage,
  regions: readonly RegionPrompt[],
  longestSide: number,
): Promise<{ photo: string; regions: ShownRegion[] }> {
  const outlines = regions.map((region) => outlineOf(region, image));
  const scale = Math.min(1, longestSide / Math.max(image.width, image.height));
  const size = scaled(image, scale);
  const drawing = svgOf(outlines, size, size.width / image.width);
  const whole = photoOf(image).resize(size.width, size.height, { fit: 'fill' });
  const photo = outlines.length === 0 ? whole : whole.composite([{ input: drawing }]);
  const shown: ShownRegion[] = [];
  for (const [index, { box }] of outlines.entries()) {
    const crop = await cropOf(image, box, longestSide);
    shown.push({ crop, color: colors[index % colors.length]![0] });
  }
  return { photo: await dataUrl(photo), regions: shown };
}

/** The lines that show a region, in pixels of the photo, and the part of the photo around it. */
interface Outline {
  readonly rings: readonly Ring[];
  readonly strokes: readonly Ring[];
  readonly points: readonly Point[];
  readonly box: Box;
}

function outlineOf({ marks }: RegionPrompt, image: Size): Outline {
  const meant = marks.filter((mark) => !('positive' in mark) || mark.positive);
  const [first] = meant;
  if (!first) throw modelFailure('invalid-input', 'promptOnlyNegative', {});
  for (const mark of meant) requireSize(mark, image);
  const rings = meant.flatMap((mark) => partsOf(mark).flatMap(ringsOf));
  const strokes = meant.flatMap((mark) => (mark.kind === 'scribble' ? [mark.points.flat()] : []));
  const points = meant.flatMap((mark) => (mark.kind === 'point' ? [mark.at] : []));
  const lines = [...rings, ...strokes];
  // Points alone leave open how large the thing is.
  const around = lines.length > 0 ? 0 : (Math.min(image.width, image.height) * pointedShare) / 2;
  const pointed = points.map(([x, y]) => [x - around, y - around, x + around, y + around]);
  const all = [...lines, ...pointed];
  const box = all.length === 0 ? null : insideBox(verticesBox(all), image);
  if (box) return { rings, strokes, points, box };
  const { width, height } = image;
  const parts = { kind: first.kind, where: '', width, height };
  throw modelFailure('prompt-outside-image', 'promptOutsideImage', parts);
}

function requireSize(mark: PromptMark, { width, height }: Size): void {
  if (mark.kind !== 'mask') return;
  const [maskHeight, maskWidth] = mark.rle.size;
  if (maskWidth === width && maskHeight === height) return;
  const found = `${maskWidth} x ${maskHeight}`;
  throw modelFailure('invalid-input', 'promptMaskSize', { width, height, found });
}

function partsOf(mark: PromptMark): readonly Part[] {
  if (mark.kind === 'polygon') return mark.parts;
  if (mark.kind === 'mask') return traceRle(mark.rle);
  if (mark.kind !== 'box') return [];
  const [x, y, width, height] = mark.box;
  const [right, bottom] = [x + width, y + height];
  return [{ outer: [x, y, right, y, right, bottom, x, bottom], holes: [] }];
}

/** The whole pixels around a box, with a margin; null where none of them is in the photo. */
function insideBox([x, y, width, height]: Box, image: Size): Box | null {
  if (x >= image.width || y >= image.height || x + width <= 0 || y + height <= 0) return null;
  const around = Math.max(width, height) * margin;
  const left = Math.max(0, Math.floor(x - around));
  const top = Math.max(0, Math.floor(y - around));
  const right = Math.min(image.width, Math.ceil(x + width + around) + 1);
  const bottom = Math.min(image.height, Math.ceil(y + height + around) + 1);
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

/** Outlines over the photo: each line dark below and coloured above, to be seen on any ground. */
function svgOf(outlines: readonly Outline[], { width, height }: Size, scale: number): Buffer {
  const stroke = Math.max(2, Math.round(Math.max(width, height) / 250));
  const drawn = outlines.map(({ rings, strokes, points }, index) => {
    const closed = rings.map((ring) => `${pathOf(ring, scale)}Z`);
    const path = [...closed, ...strokes.map((line) => pathOf(line, scale))].join('');
    const dots = points.map(
      ([x, y]) => `<circle cx="${number(x * scale)}" cy="${number(y * scale)}" r="${2 * stroke}"/>`,
    );
    const shapes = `<path d="${path}"/>${dots.join('')}`;
    const color = colors[index % colors.length]![1];
    return (
      `<g stroke="#000" stroke-width="${2 * stroke}" stroke-opacity="0.6">${shapes}</g>` +
      `<g stroke="${color}" stroke-width="${stroke}">${shapes}</g>`
    );
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
      `<g fill="none" stroke-linejoin="round">${drawn.join('')}</g></svg>`,
  );
}

function pathOf(line: Ring, scale: number): string {
  const pairs = line.map((value, index) => (index % 2 === 0 ? ' L' : ' ') + number(value * scale));
  return pairs.join('').replace(' L', ' M');
}

function number(value: number): string {
  return value.toFixed(1);
}

function cropOf(image: RgbImage, box: Box, longestSide: number): Promise<string> {
  const [left, top, width, height] = box;
  const longest = Math.max(width, height);
  const wanted = Math.min(Math.max(longest, leastCropSide), longestSide);
  const size = scaled({ width, height }, wanted / longest);
  const part = photoOf(image).extract({ left, top, width, height });
  return dataUrl(part.resize(size.width, size.height, { fit: 'fill' }));
}

function photoOf({ pixels, width, height }: RgbImage) {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function scaled({ width, height }: Size, scale: number): Size {
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

async function dataUrl(picture: Sharp): Promise<string> {
  const bytes = await picture.jpeg({ quality: jpegQuality }).toBuffer();
  return `data:image/jpeg;base64,${bytes.toString('base64')}`;
}
