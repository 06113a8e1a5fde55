import { isObject } from '../json-values.ts';

/** Keys of a task's data that name its photo, the usual ones first. */
const usualKeys = ['image', 'img', 'photo', 'picture', 'url', 'image_url', 'file_name'];
const photoEnding = /\.(jpe?g|jfif|png|webp|bmp|tiff?|gif|avif|heic)(\?|$)/i;

/** The file name that a task's data means; null where it names no photo. */
export function photoOf(data: unknown): string | null {
  if (!isObject(data)) return null;
  const usual = usualKeys.map((key) => data[key]);
  const others = Object.values(data).filter(
    (value) => typeof value === 'string' && photoEnding.test(value),
  );
  const address = [...usual, ...others].find((value) => typeof value === 'string' && value !== '');
  return typeof address === 'string' ? fileNameOf(address) : null;
}

/**
 * The file that an address means: of local storage the path in `d`, of an upload the name without
 * the mark that Label Studio puts before it, of others the path.
 */
export function fileNameOf(address: string): string {
  const local = /[?&]d=([^&]*)/.exec(address)?.[1];
  if (local !== undefined) return withoutEscapes(local);
  const path = withoutEscapes(
    address
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
      .replace(/[?#].*$/s, '')
      .replace(/^\/+/, ''),
  );
  const upload = /(?:^|\/)data\/upload\/(?:\d+\/)?(.*)$/.exec(path)?.[1];
  return upload === undefined ? path : upload.replace(/^[0-9a-f]{8}-/, '');
}

function withoutEscapes(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
