import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  bytesToDecode,
  maximumDecodeBytes,
  requireDecodable,
  whenMemoryAllows,
} from '../../../../models/image/decode-limits.ts';
import { openImage } from '../../../../models/image/open-image.ts';
import { declaredJpeg, declaredPng } from '../../../support/declared-images.ts';

const small = () =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } });

describe('an image that would take too much is refused by its header', () => {
  it.each([
    ['a PNG of too many pixels', () => declaredPng(25_000, 25_000), 'imageTooManyPixels'],
    [
      'an interlaced PNG that takes too long until it can be seen',
      () => declaredPng(13_000, 13_000, { isInterlaced: true }),
      'imageTooManyHeldPixels',
    ],
    [
      'an interlaced PNG that may only be so large when it is read in rows',
      () => declaredPng(20_000, 20_000, { isInterlaced: true }),
      'imageTooManyHeldPixels',
    ],
    [
      'an interlaced PNG of fewer pixels, of 16 bits each',
      () => declaredPng(9500, 9500, { isInterlaced: true, depth: 16 }),
      'imageTooManyHeldPixels',
    ],
    [
      'a progressive JPEG of too many pixels',
      async () =>
        declaredJpeg(await small().jpeg({ progressive: true }).toBuffer(), 30_000, 30_000),
      'imageTooManyPixels',
    ],
    [
      'a progressive JPEG with all its colours',
      async () =>
        declaredJpeg(
          await small().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
          14_000,
          14_000,
        ),
      'imageHeldWhole',
    ],
    ['a side that is too long', () => declaredPng(30_001, 1), 'imageTooLarge'],
  ])('%s', async (_, make, sentence) => {
    await expect(openImage(await make(), 'photo.png')).rejects.toMatchObject({
      code: 'image-too-large',
      sentence,
    });
  });

  it('what is held a few rows at a time may be larger, but its result may not', async () => {
    const bytes = declaredPng(20_000, 20_000);
    expect((await openImage(bytes, 'photo.png')).metadata.width).toBe(20_000);
    await expect(openImage(bytes, 'photo.png', { resultBytes: 3 })).rejects.toMatchObject({
      sentence: 'imageTooLargeForModel',
    });
  });
});

it('a photo that lies on its side takes more than one that stands', async () => {
  const { metadata } = await openImage(await small().jpeg().toBuffer(), 'photo.jpg');
  expect(bytesToDecode(metadata, 0)).toBe(0);
  expect(bytesToDecode({ ...metadata, orientation: 6 }, 0)).toBe(16 * 16 * 4);
  expect(bytesToDecode({ ...metadata, orientation: 6 }, 3)).toBe(16 * 16 * 7);
});

it('an interlaced PNG may be as large as is seen in time', async () => {
  const bytes = declaredPng(12_600, 12_600, { isInterlaced: true });
  expect((await openImage(bytes, 'photo.png')).metadata.width).toBe(12_600);
});

it('of HEIF and AVIF, half as many pixels are read as of other forms that are held whole', () => {
  const header = { format: 'heif', width: 10_001, height: 10_000, channels: 3 } as const;
  const whole = { ...header, depth: 'uchar', isProgressive: false } as const;
  expect(() => requireDecodable(whole, 'photo.avif', 0)).toThrow('100');
  expect(() => requireDecodable({ ...whole, format: 'webp' }, 'photo.webp', 0)).not.toThrow();
  expect(() => requireDecodable({ ...whole, width: 10_000 }, 'photo.avif', 0)).not.toThrow();
});

describe('work that takes memory', () => {
  function heldWork(bytes: number, order: string[], name: string) {
    const { promise: finished, resolve: finish } = Promise.withResolvers<null>();
    const done = whenMemoryAllows(bytes, async () => {
      order.push(`${name} begins`);
      await finished;
      order.push(`${name} ends`);
    });
    return { finish, done };
  }

  it('waits while all together would take too much, in the order in which it came', async () => {
    const order: string[] = [];
    const half = maximumDecodeBytes * 0.5;
    const first = heldWork(half, order, 'first');
    const large = heldWork(half * 1.5, order, 'large');
    const third = heldWork(1, order, 'third');
    third.finish(null);
    large.finish(null);
    first.finish(null);
    await Promise.all([first.done, large.done, third.done]);
    expect(order).toEqual([
      'first begins',
      'first ends',
      'large begins',
      'third begins',
      'large ends',
      'third ends',
    ]);
  });

  it('goes on after work that failed', async () => {
    const failed = whenMemoryAllows(maximumDecodeBytes, () => Promise.reject(new Error('broken')));
    const next = whenMemoryAllows(maximumDecodeBytes, () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('broken');
    expect(await next).toBe('next');
  });
});
