/**
 * Loads and decodes an image off the main thread, turned as its EXIF tag says.
 * @throws when it cannot be had or decoded, or was not wanted any more
 */
export async function fetchBitmap(url: string, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  return createImageBitmap(await response.blob(), { imageOrientation: 'from-image' });
}
