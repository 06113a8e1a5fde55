const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * UTF-8 as Python writes text into pickles: half a surrogate pair, which UTF-8 has no place for,
 * has three bytes.
 */
export function bytesOfText(text: string): Uint8Array {
  if (text.isWellFormed()) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (isSurrogate(code)) bytes.push(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** The text of such bytes; null where they are none. */
export function textOfBytes(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return textWithSurrogates(bytes);
  }
}

function textWithSurrogates(bytes: Uint8Array): string | null {
  let text = '';
  let start = 0;
  try {
    for (let at = 0; at + 2 < bytes.length; at++) {
      if (bytes[at] !== 0xed || bytes[at + 1]! < 0xa0) continue;
      const code = 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
      text += decoder.decode(bytes.subarray(start, at)) + String.fromCharCode(code);
      start = at + 3;
      at += 2;
    }
    return text + decoder.decode(bytes.subarray(start));
  } catch {
    return null;
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/**
 * Bytes of Python 2's `str`, which may be of any encoding: UTF-8, or else Latin-1, where each byte
 * is a letter.
 */
export function textOfOldString(bytes: Uint8Array): string {
  return textOfBytes(bytes) ?? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

const namedEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** The text of Python 2's `repr` of a `str`, with its quotes; null where it is none. */
export function textOfRepr(repr: string): string | null {
  const quoted = /^(['"])(.*)\1$/s.exec(repr.trim());
  if (quoted === null) return null;
  const escape = /\\(?:x([0-9a-f]{2})|([0-7]{1,3})|\n|(.))/gis;
  const letters = quoted[2]!.replaceAll(
    escape,
    (_, hex?: string, octal?: string, other?: string) => {
      if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 255);
      if (other === undefined) return '';
      return namedEscapes[other] ?? (/['"\\]/.test(other) ? other : `\\${other}`);
    },
  );
  return textOfOldString(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
}

/** The text of Python's encoding `raw-unicode-escape`, in which pickles of protocol 0 have text. */
export function textOfRawEscape(line: string): string {
  return line.replaceAll(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (escape, short, long) => {
    const code = parseInt((short ?? long) as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
  });
}
