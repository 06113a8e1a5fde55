import type { PickleMap, PickleValue } from './pickle-value.ts';
import { textOfBytes, textOfOldString, textOfRawEscape, textOfRepr } from './python-text.ts';
import { refcocoProblem } from './sentences.ts';

/**
 * Reads a pickle of plain data: None, booleans, numbers, text, bytes, lists, tuples and
 * dictionaries. Nothing is looked up or called; every instruction that would do so is refused by
 * its name. Protocols 0 to 5.
 * @throws AppError `dataset-invalid` for what is refused, unknown, cut off or inconsistent, with
 * its place in the file.
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  return new Unpickler(bytes).read();
}

/** Instructions that make objects, run code, or refer to what is outside the file. */
const refused: Readonly<Record<number, string>> = {
  0x63: 'GLOBAL',
  0x52: 'REDUCE',
  0x62: 'BUILD',
  0x69: 'INST',
  0x6f: 'OBJ',
  0x50: 'PERSID',
  0x51: 'BINPERSID',
  0x81: 'NEWOBJ',
  0x82: 'EXT1',
  0x83: 'EXT2',
  0x84: 'EXT4',
  0x8f: 'EMPTY_SET',
  0x90: 'ADDITEMS',
  0x91: 'FROZENSET',
  0x92: 'NEWOBJ_EX',
  0x93: 'STACK_GLOBAL',
  0x96: 'BYTEARRAY8',
  0x97: 'NEXT_BUFFER',
  0x98: 'READONLY_BUFFER',
};

class Unpickler {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #stack: PickleValue[] = [];
  /** The stacks below each mark. */
  readonly #below: PickleValue[][] = [];
  readonly #memo = new Map<number, PickleValue>();

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  read(): PickleValue {
    for (;;) {
      const opcode = this.#uint8();
      if (opcode === 0x2e) {
        const value = this.#pop();
        if (this.#below.length > 0 || this.#stack.length > 0) throw this.#broken('stack');
        return value;
      }
      this.#run(opcode);
    }
  }

  #run(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        if (this.#uint8() > 5) throw this.#broken('protocol');
        return;
      case 0x95: // FRAME
        this.#skip(8);
        return;
      case 0x28: // MARK
        this.#below.push(this.#stack);
        this.#stack = [];
        return;
      case 0x30: // POP, which takes a mark where one is on top
        if (this.#stack.length === 0) this.#sinceMark();
        else this.#pop();
        return;
      case 0x31: // POP_MARK
        this.#sinceMark();
        return;
      case 0x32: // DUP
        return this.#push(this.#top());
      case 0x4e: // NONE
        return this.#push(null);
      case 0x88: // NEWTRUE
        return this.#push(true);
      case 0x89: // NEWFALSE
        return this.#push(false);
      case 0x49: // INT
        return this.#push(this.#textInteger());
      case 0x4c: // LONG
        return this.#push(wholeNumber(this.#line().replace(/L$/, '')) ?? this.#fail('number'));
      case 0x4a: // BININT
        return this.#push(this.#view.getInt32(this.#skip(4), true));
      case 0x4b: // BININT1
        return this.#push(this.#uint8());
      case 0x4d: // BININT2
        return this.#push(this.#view.getUint16(this.#skip(2), true));
      case 0x8a: // LONG1
        return this.#push(wholeOfBytes(this.#take(this.#uint8())));
      case 0x8b: // LONG4
        return this.#push(wholeOfBytes(this.#take(this.#uint32())));
      case 0x46: // FLOAT
        return this.#push(this.#textFloat());
      case 0x47: // BINFLOAT
        return this.#push(this.#view.getFloat64(this.#skip(8), false));
      case 0x53: // STRING
        return this.#push(textOfRepr(this.#line()) ?? this.#fail('text'));
      case 0x54: // BINSTRING
        return this.#push(textOfOldString(this.#take(this.#uint32())));
      case 0x55: // SHORT_BINSTRING
        return this.#push(textOfOldString(this.#take(this.#uint8())));
      case 0x56: // UNICODE
        return this.#push(textOfRawEscape(this.#line()));
      case 0x58: // BINUNICODE
        return this.#push(this.#text(this.#uint32()));
      case 0x8c: // SHORT_BINUNICODE
        return this.#push(this.#text(this.#uint8()));
      case 0x8d: // BINUNICODE8
        return this.#push(this.#text(this.#uint64()));
      case 0x42: // BINBYTES
        return this.#push(textOfOldString(this.#take(this.#uint32())));
      case 0x43: // SHORT_BINBYTES
        return this.#push(textOfOldString(this.#take(this.#uint8())));
      case 0x8e: // BINBYTES8
        return this.#push(textOfOldString(this.#take(this.#uint64())));
      default:
        return this.#runContainer(opcode);
    }
  }

  #runContainer(opcode: number): void {
    switch (opcode) {
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return this.#push([]);
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map());
      case 0x6c: // LIST
      case 0x74: // TUPLE
        return this.#push(this.#sinceMark());
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(this.#popSome(opcode - 0x84));
      case 0x64: // DICT
        return this.#push(this.#fill(new Map(), this.#sinceMark()));
      case 0x61: // APPEND
        return this.#append(this.#popSome(1));
      case 0x65: // APPENDS
        return this.#append(this.#sinceMark());
      case 0x73: // SETITEM
        return this.#setItems(this.#popSome(2));
      case 0x75: // SETITEMS
        return this.#setItems(this.#sinceMark());
      case 0x70: // PUT
        return this.#remember(this.#memoIndex());
      case 0x71: // BINPUT
        return this.#remember(this.#uint8());
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#uint32());
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size);
      case 0x67: // GET
        return this.#recall(this.#memoIndex());
      case 0x68: // BINGET
        return this.#recall(this.#uint8());
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#uint32());
      default: {
        const instruction = refused[opcode];
        const at = this.#at - 1;
        if (instruction !== undefined) {
          throw refcocoProblem('refcocoPickleRefused', { instruction, at }, 'dataset-invalid');
        }
        throw refcocoProblem('refcocoPickleUnknown', { found: opcode, at }, 'dataset-invalid');
      }
    }
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #top(): PickleValue {
    if (this.#stack.length === 0) throw this.#broken('stack');
    return this.#stack.at(-1)!;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popSome(count: number): PickleValue[] {
    if (this.#stack.length < count) throw this.#broken('stack');
    return this.#stack.splice(-count);
  }

  #sinceMark(): PickleValue[] {
    const below = this.#below.pop();
    if (below === undefined) throw this.#broken('mark');
    const values = this.#stack;
    this.#stack = below;
    return values;
  }

  #append(values: readonly PickleValue[]): void {
    const list = this.#top();
    if (!Array.isArray(list)) throw this.#broken('list');
    for (const value of values) list.push(value);
  }

  #setItems(values: readonly PickleValue[]): void {
    const map = this.#top();
    if (!(map instanceof Map)) throw this.#broken('dictionary');
    this.#fill(map, values);
  }

  #fill(map: PickleMap, values: readonly PickleValue[]): PickleMap {
    if (values.length % 2 === 1) throw this.#broken('dictionary');
    for (let at = 0; at < values.length; at += 2) {
      const key = values[at]!;
      if (typeof key === 'object') throw this.#broken('key');
      map.set(key, values[at + 1]!);
    }
    return map;
  }

  #remember(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#broken('memo');
    this.#push(value);
  }

  #memoIndex(): number {
    const line = this.#line();
    return /^\d+$/.test(line) ? Number(line) : this.#fail('memo');
  }

  #textInteger(): PickleValue {
    const line = this.#line();
    if (line === '00' || line === '01') return line === '01';
    return wholeNumber(line) ?? this.#fail('number');
  }

  #textFloat(): number {
    const line = this.#line();
    const named: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };
    const value = named[line] ?? (line === '' ? NaN : Number(line));
    return Number.isNaN(value) && line !== 'nan' ? this.#fail('number') : value;
  }

  #text(length: number): string {
    return textOfBytes(this.#take(length)) ?? this.#fail('text');
  }

  /** The bytes up to the next line end, each as a letter. */
  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end < 0) throw this.#broken('end');
    const line = this.#bytes.subarray(this.#at, end);
    this.#at = end + 1;
    let text = '';
    for (const byte of line) text += String.fromCharCode(byte);
    return text;
  }

  #uint8(): number {
    return this.#bytes[this.#skip(1)]!;
  }

  #uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  #uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  #take(length: number): Uint8Array {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** Goes on by some bytes, and answers where they begin. */
  #skip(length: number): number {
    const start = this.#at;
    if (start + length > this.#bytes.length) throw this.#broken('end');
    this.#at = start + length;
    return start;
  }

  #fail(what: PickleFault): never {
    throw this.#broken(what);
  }

  #broken(what: PickleFault) {
    return refcocoProblem('refcocoPickleBroken', { what, at: this.#at }, 'dataset-invalid');
  }
}

type PickleFault = Parameters<typeof refcocoProblem<'refcocoPickleBroken'>>[1]['what'];

/** Digits as a number; null where they are none. */
function wholeNumber(digits: string): number | bigint | null {
  return /^[-+]?\d+$/.test(digits) ? narrowed(BigInt(digits.replace(/^\+/, ''))) : null;
}

/** Little-endian two's complement. */
function wholeOfBytes(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).reverse();
  return narrowed(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex.join('')}`)));
}

function narrowed(value: bigint): number | bigint {
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  return isSafe ? Number(value) : value;
}
