import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { decode, encode } from 'fast-png';
import { expect, test } from 'vitest';
import { decodePng } from '../../../../core/formats/bounded-png.ts';
import { masksByValue } from '../../../../core/formats/masks-by-value.ts';
import { encodeRle } from '../../../../core/geometry/rle.ts';
import { declaredPng } from '../../../support/declared-images.ts';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

const start = 8 + 25;
const grey = encode({ width: 16, height: 16, data: new Uint8Array(256), channels: 1, depth: 8 });

/** The PNG of 16 x 16 grey pixels with other data, and with chunks before them. */
function greyWith(data: Uint8Array, before: readonly Buffer[] = []): Buffer {
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([grey.subarray(0, start), ...before, chunk('IDAT', data), end]);
}

test('data that inflate to more than the header declares are refused before all of them are inflated', () => {
  const noise = randomBytes(500_000);
  const data = deflateSync(Buffer.concat([noise, Buffer.alloc(50_000_000)]));
  expect(() => decodePng(greyWith(data))).toThrow('more than the pixels that its header declares');
});

test('a header that declares too much is refused', () => {
  expect(() => decodePng(declaredPng(30_000, 30_000))).toThrow('at most 400 MB are read');
});

test('what is compressed beside the pixels is not inflated', () => {
  const profile = Buffer.concat([Buffer.from('sRGB\0\0'), deflateSync(Buffer.alloc(1000))]);
  profile.fill(0xff, 10);
  const png = greyWith(deflateSync(Buffer.alloc(16 * 17)), [chunk('iCCP', profile)]);
  expect(decodePng(png)).toMatchObject({ width: 16, height: 16, data: new Uint8Array(256) });
});

test.each([
  ['a text', Buffer.from('no image at all')],
  ['an empty file', Buffer.alloc(0)],
  ['a PNG that ends early', grey.subarray(0, grey.length - 5)],
  ['a PNG that ends after its header', grey.subarray(0, start)],
])('%s is refused with a reason', (_, bytes) => {
  expect(() => decodePng(bytes)).toThrow(/it is not a PNG|it ends early/);
});

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
});

test('a PNG within the limits is what it is without them', () => {
  const pictures = sizes.chain(({ width, height }) =>
    fc.constantFrom(1 as const, 3 as const, 4 as const).chain((channels) => {
      const length = width * height * channels;
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((data) => encode({ width, height, data, channels, depth: 8 }));
    }),
  );
  fc.assert(
    fc.property(pictures, (png) => {
      expect(decodePng(png)).toEqual(decode(png));
    }),
  );
});

test('the masks of an image by value are each the pixels of that value', () => {
  const images = sizes.chain(({ width, height }) =>
    fc
      .array(fc.integer({ min: 0, max: 4 }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => ({ width, height, values })),
  );
  fc.assert(
    fc.property(images, ({ width, height, values }) => {
      const expected = [...new Set(values)]
        .filter((value) => value !== 3)
        .sort((a, b) => a - b)
        .map((value) => {
          const data = Uint8Array.from(values, (each) => Number(each === value));
          return [value, encodeRle({ width, height, data })];
        });
      expect([...masksByValue({ width, height, values }, new Set([3]))]).toEqual(expected);
    }),
  );
});

test('the noise of a photo is refused, and 20,000 values that lie everywhere take one pass', () => {
  const side = 1500;
  const values = Uint16Array.from({ length: side * side }, (_, index) => (index * 7919) % 19_997);
  expect(masksByValue({ width: side, height: side, values }, new Set()).size).toBe(19_997);
  const noise = Uint16Array.from(values, (_, index) => (index * 7919) % 30_011);
  expect(() => masksByValue({ width: side, height: side, values: noise }, new Set())).toThrow(
    'more than 20000 values',
  );
});
