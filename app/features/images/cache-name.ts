import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ImageRecord } from '../../../core/records.ts';

/** Whether a text is a sha256 in lower-case hexadecimal. */
export function isContentHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

/**
 * The name under which the cache keeps what is made of an image file: the sha256 of its bytes.
 * What a project says that hash is only finds what is there already, and only where it is a hash:
 * a project of a stranger may say anything, and what it says must neither lead out of the cache
 * nor put its picture in the place of another project's.
 * @param has whether the cache holds the thing under a name
 */
export async function cacheName(
  path: string,
  image: Pick<ImageRecord, 'sha256'>,
  has: (name: string) => Promise<boolean>,
): Promise<string> {
  if (isContentHash(image.sha256) && (await has(image.sha256))) return image.sha256;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
