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

  test('gives a row that is nested too deep a problem, and the rows after it', async () => {
    const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    const rows = await rowsOf(`{"a": [${deep(200)}, ${deep(5000)}, {"x": 1}], "b": ${deep(202)}}`);
    expect(rows).toEqual([
      { section: 'a', index: 0, value: expect.any(Array) },
      { section: 'a', index: 1, problem: 'nested 5000 levels deep, 200 at most' },
      { section: 'a', index: 2, value: { x: 1 } },
      { section: 'b', index: 0, problem: 'nested 201 levels deep, 200 at most' },
    ]);
  });

  test('leaves out the sections that nobody wants, and still reads to the end', async () => {
    const text = '{"a": [1, {"x": "]"}], "b": [NaN, 2], "c": {"a": [1]}}';
    const rows: JsonRow[] = [];
    for await (const row of readJsonRows([text], (section) => section === 'b')) rows.push(row);
    expect(rows).toEqual([
      { section: 'b', index: 0, problem: expect.stringContaining('not valid JSON') },
      { section: 'b', index: 1, value: 2 },
    ]);
    const cut = readJsonRows([text.slice(0, -3)], () => false);
    await expect(cut.next()).rejects.toThrow(/cut off/);
  });

  test.each([
    ['', /found an empty file/],
    ['[{"image_id": 1}]', /found a list/],
    ['"images"', /found a string/],
    ['<html>', /found "<"/],
    ['{"images": [{"id": 1}, {"id"', /ends after 28 characters in the section "images"/],
    ['{"images": [1, 2]', /cut off/],
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
