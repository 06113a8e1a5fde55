import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPickle } from '../../../../core/formats/refcoco/pickle-read.ts';
import type { PickleValue } from '../../../../core/formats/refcoco/pickle-value.ts';
import { picklePieces, writePickle } from '../../../../core/formats/refcoco/pickle-write.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.log('skipped: there is no python3 to check pickles with');

/** Text of all kinds, also halves of surrogate pairs, which Python has, too. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('安全帽', 'it\'s "red"\n\\', '\ud800', 'a\udfffb', ''),
);
const anyWhole = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 2100n }),
  fc.bigInt({ min: -(2n ** 90n), max: -(2n ** 53n) }),
);
const anyScalar: fc.Arbitrary<PickleValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  anyText,
  anyWhole,
  fc.double({ noNaN: true }).filter((value) => !Number.isInteger(value)),
);
const { value: anyValue } = fc.letrec<{ value: PickleValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    anyScalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(anyText, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
}));

/** Runs Python on lines of JSON, and answers what it prints for each. */
function python(program: string, lines: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', program], {
    input: lines.map((line) => `${line}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trimEnd().split('\n');
}

/** As Python's json reads and writes it, with all beyond ASCII escaped, keys in their order. */
function asJson(value: PickleValue): string {
  if (Array.isArray(value)) return `[${value.map(asJson).join(', ')}]`;
  if (value instanceof Map) {
    const entries = [...value].map(([key, held]) => `${asJson(key)}: ${asJson(held)}`);
    return `{${entries.join(', ')}}`;
  }
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value);
}

describe('a pickle', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(readPickle(writePickle(value))).toEqual(value);
      }),
    );
  });

  test('of many values is written in pieces that are one list', () => {
    const values = Array.from({ length: 5000 }, (_, index) => `value ${index}`.repeat(5));
    const pieces = [...picklePieces(values)];
    expect(pieces.length).toBeGreaterThan(2);
    expect(readPickle(new Uint8Array(Buffer.concat(pieces)))).toEqual(values);
    expect(readPickle(new Uint8Array(Buffer.concat([...picklePieces([])])))).toEqual([]);
  });

  test.skipIf(!hasPython)('that Python writes is read, in every protocol', () => {
    const values = fc.sample(anyValue, { numRuns: 200, seed: 1 });
    const program = `
import base64, json, pickle, sys
for line in sys.stdin:
    value = json.loads(line)
    print(' '.join(base64.b64encode(pickle.dumps(value, protocol)).decode() for protocol in range(6)))
`;
    const lines = python(program, values.map(asJson));
    lines.forEach((line, index) => {
      for (const pickle of line.split(' ')) {
        expect(readPickle(Buffer.from(pickle, 'base64'))).toEqual(values[index]);
      }
    });
  });

  test.skipIf(!hasPython)('is read by Python as it was written', () => {
    const values = fc.sample(anyValue, { numRuns: 200, seed: 2 });
    const program = `
import base64, json, pickle, sys
sys.set_int_max_str_digits(0)
for line in sys.stdin:
    written, expected = line.rstrip('\\n').split(' ', 1)
    print(pickle.loads(base64.b64decode(written)) == json.loads(expected))
`;
    const inputs = values.map(
      (value) => `${Buffer.from(writePickle(value)).toString('base64')} ${asJson(value)}`,
    );
    expect(new Set(python(program, inputs))).toEqual(new Set(['True']));
  });

  test('of Python 2 is read: strings are UTF-8, or else Latin-1', () => {
    const read = (text: string) => readPickle(Buffer.from(text, 'latin1'));
    expect(read("(lp0\nS'caf\\xc3\\xa9 \\'x\\''\np1\nag1\na.")).toEqual(["café 'x'", "café 'x'"]);
    expect(read("S'caf\\xe9'\n.")).toBe('café');
    expect(read('U\u0003\xe5\xae\x89.')).toBe('安');
    expect(read('V\\u5b89\\U0001f600\n.')).toBe('安😀');
    expect(read('(I1\nL12345678901234567890L\nI01\nt.')).toEqual([1, 12345678901234567890n, true]);
    expect(read('(dp0\nVid\nI-3\ns.')).toEqual(new Map([['id', -3]]));
  });

  test.each([
    ['GLOBAL', 'cos\nsystem\n(Vecho\ntR.'],
    ['INST', '(ios\nsystem\n.'],
    ['PERSID', 'P1\n.'],
    ['EXT1', '\x82\x01.'],
    ['STACK_GLOBAL', '\x80\x04\x8c\x02os\x8c\x06system\x93.'],
    ['EMPTY_SET', '\x80\x04\x8f.'],
    ['REDUCE', ')R.'],
    ['BUILD', '}b.'],
    ['NEWOBJ', ')\x81.'],
  ])('with %s is refused by that name', (name, pickle) => {
    expect(() => readPickle(Buffer.from(pickle, 'latin1'))).toThrow(
      new RegExp(`instruction ${name} at byte \\d+, which can run code`),
    );
  });

  test('that is damaged is refused, never misread into an endless or broken state', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readPickle(bytes);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'dataset-invalid' });
        }
      }),
      { numRuns: 2000 },
    );
    for (const [pickle, reason] of [
      ['(I1\n', 'ends early'],
      ['N', 'ends early'],
      ['.', 'uses a missing value'],
      ['NN.', 'leaves a value unused'],
      ['Na.', 'uses a missing value'],
      ['NNa.', 'adds to a value that is not a list'],
      ['e.', 'ends a list that was not begun'],
      ['g7\n.', 'refers to a value that was not stored'],
      ['Ix\n.', 'has an invalid number'],
      ['\x80\x07N.', 'has a protocol above 5'],
      ['}]Ns.', 'whose key is a list'],
    ] as const) {
      expect(() => readPickle(Buffer.from(pickle, 'latin1'))).toThrow(reason);
    }
  });
});
