import { describe, expect, it } from 'vitest';
import { ImagePixels } from '../../../renderer/canvas/image-pixels.ts';
import { settle } from '../../support/test-editor.ts';

/** Decodes when the test says so. */
function manualLoads() {
  const asked: string[] = [];
  const closed: string[] = [];
  const open = new Map<string, { resolve: (bitmap: ImageBitmap) => void; reject: () => void }>();
  const pixels = new ImagePixels((url, signal) => {
    asked.push(url);
    return new Promise((resolve, reject) => {
      open.set(url, { resolve, reject });
      signal.addEventListener('abort', () => reject(new Error('given up')));
    });
  });
  const load = async (url: string) => {
    open.get(url)!.resolve({ close: () => closed.push(url) } as unknown as ImageBitmap);
    await settle();
  };
  return { pixels, asked, closed, open, load };
}

describe('the pixels of images', () => {
  it('decode neighbours ahead, one after another, once the shown image is there', async () => {
    const { pixels, asked, load } = manualLoads();
    void pixels.show('b', ['c', 'a']);
    expect(asked).toEqual(['b']);
    await load('b');
    expect(asked).toEqual(['b', 'c']);
    await load('c');
    expect(asked).toEqual(['b', 'c', 'a']);
  });

  it('show a neighbour without loading it again', async () => {
    const { pixels, asked, load } = manualLoads();
    void pixels.show('b', ['c']);
    await load('b');
    await load('c');
    await pixels.show('c', ['d', 'b']);
    await settle();
    expect(asked).toEqual(['b', 'c', 'd']);
  });

  it('free images that are neither shown nor neighbours, also when they come late', async () => {
    const { pixels, closed, load } = manualLoads();
    void pixels.show('a', []);
    await load('a');
    pixels.show('z', []).catch(() => undefined);
    await settle();
    expect(closed).toEqual(['a']);
    pixels.dispose();
    await settle();
    await load('z');
    expect(closed).toEqual(['a']);
  });

  it('try an image again that could not be loaded', async () => {
    const { pixels, asked, open } = manualLoads();
    const failed = pixels.show('a', []);
    open.get('a')!.reject();
    await expect(failed).rejects.toBeUndefined();
    pixels.show('a', []).catch(() => undefined);
    expect(asked).toEqual(['a', 'a']);
  });
});
