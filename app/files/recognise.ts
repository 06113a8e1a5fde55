import type { ProtectedKind } from './sentences.ts';

/** How files begin that no output may replace, in Latin-1; see each format's specification. */
const beginnings: readonly (readonly [RegExp, ProtectedKind])[] = [
  [/^SQLite format 3\0/, 'database'],
  [/^\xff\xd8\xff/, 'image'], // JPEG
  [/^\x89PNG\r\n/, 'image'],
  [/^GIF8[79]a/, 'image'],
  [/^RIFF[^]{4}WEBP/, 'image'],
  [/^(II\*\0|MM\0\*|II\+\0|MM\0\+)/, 'image'], // TIFF and BigTIFF
  [/^[^]{4}ftyp(avi|hei|hev|mif|msf)/, 'image'], // AVIF and HEIF
  [/^BM[^]{4}\0{4}/, 'image'],
  [/^(\xff\n|\0{3}[^]JXL )/, 'image'],
  [/^(\0{3}[^]jP {2}|8BPS)/, 'image'], // JPEG 2000, Photoshop
  [/^(\ufeff|\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!(--|DOCTYPE svg)[^>]*>\s*)*<svg\b/i, 'image'],
  [/^[^]{5}\0{3}\{"/, 'model'], // safetensors: the length of a header in JSON
  [/^GGUF/, 'model'],
];

const modelEndings: ReadonlySet<string> = new Set([
  '.ckpt',
  '.gguf',
  '.onnx',
  '.pt',
  '.pth',
  '.safetensors',
]);

/**
 * The kind of a file by its content, if no output may replace such a file.
 * @param ending of its name, with the dot
 * @param head its first bytes
 */
export function recognise(ending: string, head: Buffer): ProtectedKind | null {
  const text = head.subarray(0, 1024).toString('latin1');
  const known = beginnings.find(([beginning]) => beginning.test(text));
  if (known) return known[1];
  return modelEndings.has(ending.toLowerCase()) ? 'model' : null;
}
