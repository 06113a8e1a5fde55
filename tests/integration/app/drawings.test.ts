import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readImageFacts } from '../../../app/features/images/image-facts.ts';
import { serveFull } from '../../../app/features/images/image-files.ts';
import { serveTile } from '../../../app/features/images/image-tiles.ts';
import { decodeImage } from '../../../models/image/decode.ts';
import { makeImage } from '../../support/test-editor.ts';
import { serveThumbnail } from '../../support/serve-thumbnail.ts';

const cases = fileURLToPath(new URL('../../fixtures/cases', import.meta.url));

let folder: string;
let cache: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixelsail-drawings-'));
  cache = join(folder, 'cache');
  await sharp({ create: { width: 40, height: 30, channels: 3, background: '#ff0000' } }).toFile(
    join(folder, 'neighbour.png'),
  );
});
afterEach(() => rm(folder, { recursive: true }));

const drawing = (inside: string, attributes = 'width="40" height="30"') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${attributes}>${inside}</svg>`;

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

const pixelsOf = (file: string) => sharp(file).removeAlpha().raw().toBuffer();

test('a window and a model see the same pixels of a drawing, on white', async () => {
  const file = await write(
    'drawing.svg',
    drawing('<rect width="20" height="30" fill="#0000ff" opacity="0.5"/>'),
  );
  const facts = await readImageFacts(file);
  expect(facts).toMatchObject({ width: 40, height: 30 });
  const image = makeImage(facts);
  const { pixels, format } = await decodeImage(file);
  expect(format).toBe('svg');
  expect([...pixels.subarray(0, 3)]).toEqual([127, 127, 255]);
  expect([...pixels.subarray(39 * 3, 40 * 3)]).toEqual([255, 255, 255]);
  const full = await serveFull(file, image, cache);
  expect(full.contentType).toBe('image/png');
  expect([...(await pixelsOf(full.file))]).toEqual([...pixels]);
  const thumbnail = await pixelsOf((await serveThumbnail(file, image, cache)).file);
  expect(thumbnail.at(-1)).toBeGreaterThan(250);
  const tile = await pixelsOf((await serveTile(file, image, 'tile-0-0-0', cache)).file);
  expect(tile.at(39 * 3)).toBeGreaterThan(250);
});

test.each(['disc.png', 'hidden.png'])(
  'a window and a model see the same pixels of %s, whose ground is clear, on white',
  async (name) => {
    const file = join(cases, 'transparent-png', 'photos', name);
    const image = makeImage(await readImageFacts(file));
    const { pixels } = await decodeImage(file);
    expect([...pixels.subarray(0, 3)]).toEqual([255, 255, 255]);
    const full = await serveFull(file, image, cache);
    expect([...(await pixelsOf(full.file))]).toEqual([...pixels]);
    const thumbnail = await pixelsOf((await serveThumbnail(file, image, cache)).file);
    expect(thumbnail[0]).toBeGreaterThan(250);
    const tile = await pixelsOf((await serveTile(file, image, 'tile-0-0-0', cache)).file);
    expect(tile[0]).toBeGreaterThan(250);
  },
);

describe('a drawing is refused, by every way in,', () => {
  const picture = Buffer.from('stand-in').toString('base64');
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['under another ending', 'photo.png', drawing(''), /only \.svg files may/],
    ['without an ending', 'photo', drawing(''), /only \.svg files may/],
    [
      'under another ending after a declaration and a comment',
      'photo.jpg',
      `\uFEFF<?xml version="1.0"?><!-- ${'x'.repeat(3000)} -->${drawing('')}`,
      /only \.svg files may/,
    ],
    [
      'under another ending in UTF-16',
      'photo.jpg',
      Buffer.from(`\uFEFF${drawing('')}`, 'utf16le'),
      /only \.svg files may/,
    ],
    ['compressed', 'drawing.svg', gzipSync(drawing('')), /not in UTF-8|is not an SVG/],
    ['in UTF-16', 'drawing.svg', Buffer.from(`\uFEFF${drawing('')}`, 'utf16le'), /not in UTF-8/],
    [
      'that says it has another encoding',
      'drawing.svg',
      `<?xml version="1.0" encoding="utf-7"?>${drawing('')}`,
      /in utf-7/,
    ],
    [
      'that shows a file beside it',
      'drawing.svg',
      drawing('<image width="40" height="30" xlink:href="neighbour.png"/>'),
      /refers to "neighbour\.png"/,
    ],
    [
      'that shows a file of this machine',
      'drawing.svg',
      drawing('<image width="40" height="30" href="file:///etc/hostname"/>'),
      /refers to "file:/,
    ],
    [
      'that fills with something of the network',
      'drawing.svg',
      drawing('<rect width="9" height="9" fill="url( \'http://example.org/a#b\' )"/>'),
      /refers to "http:/,
    ],
    [
      'that uses a part of another drawing',
      'drawing.svg',
      drawing('<a ><use href="other.svg#part"/></a>'),
      /refers to "other\.svg#part"/,
    ],
    [
      'with a drawing inside as data',
      'drawing.svg',
      drawing(`<image href="data:image/svg+xml;base64,${picture}"/>`),
      /refers to "data:image\/svg/,
    ],
    ['with an imported style', 'drawing.svg', drawing('<style>@import "a.css";</style>'), /style/],
    [
      'with a style sheet',
      'drawing.svg',
      `<?xml-stylesheet href="a.css"?>${drawing('')}`,
      /style sheet/,
    ],
    [
      'with entities',
      'drawing.svg',
      `<!DOCTYPE svg [<!ENTITY a "aaaa">]>${drawing('<text>&a;</text>')}`,
      /entities/,
    ],
    ['with filters', 'drawing.svg', drawing('<filter id="f"><feTurbulence/></filter>'), /<filter>/],
    ['that is larger than any', 'drawing.svg', drawing(' '.repeat(1_000_001)), /at most 1000000/],
    ['that is none', 'drawing.svg', 'hello', /not an SVG/],
  ])('%s', async (_, name, content, message) => {
    const file = await write(name, content);
    const image = makeImage({ width: 40, height: 30 });
    for (const open of [
      () => readImageFacts(file),
      () => serveThumbnail(file, image, cache),
      () => serveFull(file, image, cache),
      () => serveTile(file, image, 'tile-0-0-0', cache),
      () => decodeImage(file),
    ]) {
      await expect(open()).rejects.toMatchObject({
        code: 'image-unreadable',
        message: expect.stringMatching(message) as string,
      });
    }
  });

  test('that asks for more pixels than it is drawn with', async () => {
    for (const attributes of ['width="9000" height="10"', 'width="30000" height="30000"']) {
      const file = await write('drawing.svg', drawing('', attributes));
      await expect(decodeImage(file)).rejects.toMatchObject({
        code: expect.stringMatching(/^image-/) as string,
      });
      await expect(readImageFacts(file)).rejects.toMatchObject({
        code: expect.stringMatching(/^image-/) as string,
      });
    }
  });
});

test('shapes, words, gradients and plain styles are drawn, and where a link leads is nobody’s concern', async () => {
  const file = await write(
    'drawing.svg',
    `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">${drawing(
      '<style>/* a */ .a, #b { fill: #ff0000 }\n rect{stroke:none}</style><defs><linearGradient id="g"><stop offset="0"/>' +
        '</linearGradient></defs><a href="https://example.org"><rect class="a" width="40" height="30"/></a>' +
        '<rect width="1" height="1" fill="url(#g)"/><text y="9">words</text>',
    )}`,
  );
  const { pixels } = await decodeImage(file);
  expect([...pixels.subarray(-3)]).toEqual([255, 0, 0]);
});

test.each([
  ['parts that are used again and again', '<g id="a"/><use href="#a"/>', /<use>/],
  ['masks', '<mask id="m"/>', /<mask>/],
  ['patterns', '<pattern id="p"/>', /<pattern>/],
  ['clips', '<clipPath id="c"/>', /<clipPath>/],
  ['pages', '<foreignObject/>', /<foreignObject>/],
  [
    'an element under a name of its own',
    '<x:use xmlns:x="http://www.w3.org/2000/svg"/>',
    /<x:use>/,
  ],
  ['dashes', '<path d="M0 0H9" style="stroke-dasharray:0.0001"/>', /dashed/],
  ['blended parts', '<g style="mix-blend-mode:multiply"/>', /blends/],
  ['styles that combine', '<style>* * * * g {fill:red}</style>', /styles/],
  ['styles under conditions', '<style>@media print {a{b:c}}</style>', /styles/],
  ['more shapes than can be painted', '<g/>'.repeat(300), /too many shapes/],
  [
    'longer outlines than can be painted',
    `<path d="${'M0 0'.repeat(70_000)}"/>`,
    /too many shapes/,
  ],
])('a drawing with %s is refused instead of hanging', async (_, inside, message) => {
  const file = await write('drawing.svg', drawing(inside, 'width="2000" height="2000"'));
  await expect(decodeImage(file)).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringMatching(message) as string,
  });
});
