import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonRows, type JsonRow } from '../../../core/formats/json-stream.ts';

async function rowsOf(...chunks: string[]): Promise<JsonRow[]> {
  const rows: JsonRow[] = [];
  for await (const row of readJsonRows(chunks)) rows.push(row);
  return rows;
}

describe('reading JSON row by row', () => {
  test('yields the elements of lists and the whole of everything else', async () => {
    const text =
      '{"info": {"a": [1, {}]}, "images": [{"id": 1}, 2, "x", []], "empty": [ ], "version": 1.5, "last": null}';
    expect(await rowsOf(text)).toEqual([
      { section: 'info', index: null, value: { a: [1, {}] } },
      { section: 'images', index: 0, value: { id: 1 } },
      { section: 'images', index: 1, value: 2 },
      { section: 'images', index: 2, value: 'x' },
      { section: 'images', index: 3, value: [] },
      { section: 'empty', index: null, value: [] },
      { section: 'version', index: null, value: 1.5 },
      { section: 'last', index: null, value: null },
    ]);
  });

  test('gives what JSON.parse gives, wherever the text is cut', async () => {
    const file = fc.dictionary(fc.string(), fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (value, size, isPretty) => {
          const text = isPretty ? JSON.stringify(value, null, 2) : JSON.stringify(value);
          const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
            text.slice(index * size, (index + 1) * size),
          );
          const expected = Object.entries(JSON.parse(text) as Record<string, unknown>).flatMap(
            ([section, content]): JsonRow[] =>
              Array.isArray(content) && content.length > 0
                ? content.map((element: unknown, index) => ({ section, index, value: element }))
                : [{ section, index: null, value: content }],
          );
          expect(await rowsOf(...chunks)).toEqual(expected);
        },
      ),
    );
  });

  test('gives one row for what is nested too deep, and goes on after it', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    const rows = await rowsOf(
      `{"a": [${deep(100)}, {"x": ${deep(5000)}}, 3], "b": ${deep(200_000)}}`,
    );
    expect(rows.map(({ section, index }) => [section, index])).toEqual([
      ['a', 0],
      ['a', 1],
      ['a', 2],
      ['b', 0],
    ]);
    expect('value' in rows[0]!).toBe(true);
    expect(rows[1]).toMatchObject({ problem: expect.stringContaining('5001 levels') as string });
    expect(rows[2]).toMatchObject({ value: 3 });
    expect('problem' in rows[3]!).toBe(true);
  });

  test('gives one row for what is too long, wherever the text is cut', async () => {
    const text = `{"a": ["${'x'.repeat(40)}"], "b": [1, {"y": [${'7,'.repeat(40)}7]}, 3], "c": 4}`;
    for (const size of [1, 7, 1000]) {
      const chunks = text.match(new RegExp(`.{1,${size}}`, 'g'))!;
      const rows: JsonRow[] = [];
      for await (const row of readJsonRows(chunks, { longest: 30 })) rows.push(row);
      const problem = 'it is longer than 30 characters';
      expect(rows).toEqual([
        { section: 'a', index: 0, problem },
        { section: 'b', index: 0, value: 1 },
        { section: 'b', index: 1, problem },
        { section: 'b', index: 2, value: 3 },
        { section: 'c', index: null, value: 4 },
      ]);
    }
  });

  test('passes over a byte order mark', async () => {
    expect(await rowsOf('\uFEFF{"a": [1]}')).toEqual([{ section: 'a', index: 0, value: 1 }]);
  });

  test('reports a row that is not JSON and goes on after it', async () => {
    const rows = await rowsOf('{"a": [{"x": NaN}, {"x": 2}, tru, 4]}');
    expect(rows).toEqual([
      { section: 'a', index: 0, problem: expect.stringMatching(/is not valid JSON$/) },
      { section: 'a', index: 1, value: { x: 2 } },
      { section: 'a', index: 2, problem: 'Unexpected end of JSON input' },
      { section: 'a', index: 3, value: 4 },
    ]);
  });

  test('reads what Python writes where that is asked for', async () => {
    const text =
      '{"a": [{"x": NaN, "y": [-Infinity, 1], "z": "NaN"}, {"id": 9007199254740993, "s": "9007199254740993", ' +
      '"small": 12, "real": 12345678.5, "negative": -9007199254740993}, {"x": NaN,, }]}';
    const rows: JsonRow[] = [];
    for await (const row of readJsonRows([text], { numbers: 'python' })) rows.push(row);
    expect(rows).toEqual([
      {
        section: 'a',
        index: 0,
        value: { x: NaN, y: [-Infinity, 1], z: 'NaN' },
        hasNonFinite: true,
      },
      {
        section: 'a',
        index: 1,
        value: {
          id: '9007199254740993',
          s: '9007199254740993',
          small: 12,
          real: 12345678.5,
          negative: '-9007199254740993',
        },
        longNumbers: new Set(['9007199254740993', '-9007199254740993']),
      },
      { section: 'a', index: 2, problem: expect.stringContaining('not valid JSON') },
    ]);
  });

  test('leaves out the sections that nobody wants, and still reads to the end', async () => {
    const text = '{"a": [1, {"x": "]"}], "b": [NaN, 2], "c": {"a": [1]}}';
    const rows: JsonRow[] = [];
    for await (const row of readJsonRows([text], { wanted: (section) => section === 'b' }))
      rows.push(row);
    expect(rows).toEqual([
      { section: 'b', index: 0, problem: expect.stringContaining('not valid JSON') },
      { section: 'b', index: 1, value: 2 },
    ]);
    const cut = readJsonRows([text.slice(0, -3)], { wanted: () => false });
    await expect(cut.next()).rejects.toThrow(/truncated/);
  });

  test.each([
    ['', /found an empty file/],
    ['[{"image_id": 1}]', /found a list/],
    ['"images"', /found a string/],
    ['<html>', /found "<"/],
    ['{"images": [{"id": 1}, {"id"', /ends after 28 characters in the section "images"/],
    ['{"images": [1, 2]', /truncated/],
    ['{"images": [1]} {', /unexpected "{" at character 17/],
    ['{"images": [1]} x', /unexpected "x"/],
    ['{"images" [1]}', /unexpected "\["/],
    ['{"images": [1] 5, "a": 1}', /unexpected ","/],
    ['{images: [1]}', /unexpected "images"/],
    ['{"images": [1}]', /unexpected "}" at character 14 in or after the section "images"/],
  ])('refuses %j', async (text, message) => {
    await expect(rowsOf(text)).rejects.toThrow(message);
    await expect(rowsOf(text)).rejects.toThrow(
      expect.objectContaining({ code: 'dataset-invalid' }),
    );
  });
});
