import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolve } from 'node:path';
import sharp from 'sharp';
import {
  encodeRle,
  rleArea,
  rleBox,
  rleIntersect,
  rleIou,
  rleSubtract,
  rleUnion,
} from '../../../../../core/geometry/rle.ts';
import type { Point, Rle } from '../../../../../core/geometry/shapes.ts';
import type { ModelRequest, PromptMark } from '../../../../../core/prompt.ts';
import { decodeImage } from '../../../../../models/image/decode.ts';
import type { RgbImage } from '../../../../../models/image/rgb-image.ts';
import { loadModel } from '../../../../../models/load-model.ts';
import type { Model } from '../../../../../models/model.ts';

/** Two drawn things that touch; what is to be left out lies behind the other one. */
interface Scene {
  readonly ground: string;
  readonly kept: { readonly shape: string; readonly color: string };
  readonly other: { readonly shape: string; readonly color: string; readonly blur: number };
  readonly notThis: readonly Point[];
}

const size = { width: 480, height: 360 };
const wing =
  '<path d="M60 190 L300 150 Q330 150 330 170 L310 190 L200 215 L150 290 L120 292 L135 222 L75 225 Z"/>';
const smoke =
  '<path d="M318 165 Q345 120 380 135 Q420 110 440 150 Q470 180 435 205 Q410 235 375 212 Q345 215 325 190 Z"/>';
const inSmoke: readonly Point[] = [
  [380, 170],
  [425, 165],
  [345, 175],
];
const sky = '#7fa8d8';

const scenes: Record<string, Scene> = {
  'dark smoke at a wing': {
    ground: sky,
    kept: { shape: wing, color: '#c9ccd1' },
    other: { shape: smoke, color: '#5d5a58', blur: 0 },
    notThis: inSmoke,
  },
  'smoke with a soft edge at a wing': {
    ground: sky,
    kept: { shape: wing, color: '#c9ccd1' },
    other: { shape: smoke, color: '#5d5a58', blur: 5 },
    notThis: inSmoke,
  },
  'pale smoke at a pale wing': {
    ground: sky,
    kept: { shape: wing, color: '#d9dadd' },
    other: { shape: smoke, color: '#cfd0d3', blur: 2 },
    notThis: inSmoke,
  },
  'an orange disc at a red one': {
    ground: '#6f8f5a',
    kept: { shape: '<circle cx="170" cy="180" r="90"/>', color: '#b5412f' },
    other: { shape: '<circle cx="310" cy="180" r="55"/>', color: '#c9702f', blur: 0 },
    notThis: [
      [310, 180],
      [330, 150],
      [280, 190],
    ],
  },
};

describe(
  'three clicks "not this" on a thing that touches another one',
  { timeout: 120_000 },
  () => {
    let model: Model;

    beforeAll(async () => {
      const nano = resolve(import.meta.dirname, '../../../../../models/catalog/pixel-sail-nano');
      model = await loadModel(nano, { device: 'cpu', threads: 1 });
    });
    afterAll(() => model?.dispose());

    async function answered(image: RgbImage, marks: readonly PromptMark[]): Promise<Rle> {
      const request: ModelRequest = {
        task: 'segment',
        text: null,
        regions: [{ marks: [...marks] }],
      };
      for await (const event of model.answer(image, request, {})) {
        if (event.kind === 'result') return event.result.answers[0]!.masks[0]!.rle;
      }
      throw new Error('the model gave no result');
    }

    it.each(Object.keys(scenes))('remove it and keep the other: %s', async (name) => {
      const scene = scenes[name]!;
      const image = await decodeImage(await paint(scene));
      const kept = await maskOf(scene.kept.shape);
      const other = rleSubtract(await maskOf(scene.other.shape), kept);
      const around: PromptMark = { kind: 'box', box: rleBox(rleUnion(kept, other)) };
      const clicks = scene.notThis.map((at): PromptMark => ({
        kind: 'point',
        at,
        positive: false,
      }));

      const before = await answered(image, [around]);
      expect(shareIn(other, before)).toBeGreaterThan(0.9);
      const after = await answered(image, [around, ...clicks]);
      expect(shareIn(other, after)).toBeLessThan(0.05);
      expect(shareIn(kept, after)).toBeGreaterThan(0.85);
      expect(rleIou(after, kept)).toBeGreaterThan(0.85);
    });
  },
);

/** How much of a thing a mask holds. */
function shareIn(thing: Rle, mask: Rle): number {
  return rleArea(rleIntersect(mask, thing)) / rleArea(thing);
}

const drawing = (inside: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${inside}</svg>`,
  );

/** A JPEG with an uneven second thing behind an even first one. */
function paint({ ground, kept, other }: Scene): Promise<Buffer> {
  const soft = other.blur > 0 ? `<feGaussianBlur stdDeviation="${other.blur}"/>` : '<feOffset/>';
  const scene = `<filter id="soft">${soft}</filter>
    <filter id="uneven" x="0" y="0" width="1" height="1">
      <feTurbulence baseFrequency="0.06" numOctaves="4" seed="4" result="t"/>
      <feColorMatrix in="t" type="saturate" values="0" result="g"/>
      <feComposite in="g" in2="SourceGraphic" operator="in" result="h"/>
      <feBlend in="SourceGraphic" in2="h" mode="soft-light"/>
    </filter>
    <rect width="100%" height="100%" fill="${ground}"/>
    <g filter="url(#uneven)"><g filter="url(#soft)" fill="${other.color}">${other.shape}</g></g>
    <g fill="${kept.color}">${kept.shape}</g>`;
  return sharp(drawing(scene)).jpeg({ quality: 92 }).toBuffer();
}

async function maskOf(shape: string): Promise<Rle> {
  const white = `<rect width="100%" height="100%"/><g fill="#fff">${shape}</g>`;
  const grey = await sharp(drawing(white)).removeAlpha().greyscale().raw().toBuffer();
  return encodeRle({ ...size, data: Uint8Array.from(grey, (value) => Number(value > 127)) });
}
