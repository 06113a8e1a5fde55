import { describe, expect, it } from 'vitest';
import { countCriteria } from '../../../renderer/editor/image-criteria.ts';
import { ImageList } from '../../../renderer/editor/image-list.svelte.ts';
import { FakeBridge } from '../../support/fake-bridge.ts';
import { makeImage } from '../../support/test-editor.ts';

async function listOf(count: number, change: (index: number) => object = () => ({})) {
  const images = Array.from({ length: count }, (_, index) =>
    makeImage({ path: `photo ${index}.jpg`, ...change(index) }),
  );
  const bridge = new FakeBridge(images);
  const list = new ImageList(bridge);
  await list.reload();
  return { images, bridge, list };
}

describe('the list of images', () => {
  it('knows how many there are and loads only the first page', async () => {
    const { images, list } = await listOf(1000);
    expect(list.total).toBe(1000);
    expect(list.row(0)?.id).toBe(images[0]!.id);
    expect(list.row(500)).toBeUndefined();
  });

  it('loads the pages of the rows that are looked at', async () => {
    const { images, list } = await listOf(1000);
    await list.ensure(590, 610);
    expect([list.row(590)?.id, list.row(610)?.id]).toEqual([images[590]!.id, images[610]!.id]);
    expect(list.row(399)).toBeUndefined();
    expect(list.indexOf(images[605]!.id)).toBe(605);
  });

  it('filters by name and state, and counts the whole project all the same', async () => {
    const { list } = await listOf(30, (index) => (index % 3 === 0 ? { state: 'done' } : {}));
    await list.setFilter({ state: 'done' });
    expect([list.total, list.projectTotal]).toEqual([10, 30]);
    await list.setFilter({ text: 'photo 2', state: null });
    expect(list.total).toBe(11);
    await list.setFilter({ split: 'test' });
    expect([list.total, countCriteria(list.filter), list.projectTotal]).toEqual([0, 1, 30]);
  });

  it('shows the rows of the filter set last, though an earlier answer comes later', async () => {
    const { bridge, list } = await listOf(30);
    const call = bridge.call.bind(bridge);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    bridge.call = async (name, input) => {
      if (name === 'images.list' && (input as { text?: string }).text === 'photo 1') await held;
      return call(name, input);
    };
    const slow = list.setFilter({ text: 'photo 1', state: null });
    await list.setFilter({ text: 'photo 29', state: null });
    release();
    await slow;
    expect([list.total, list.row(0)?.path]).toEqual([1, 'photo 29.jpg']);
  });

  it('finds an image under the filter set last, though that one has no rows yet', async () => {
    const { images, list } = await listOf(30);
    await list.setFilter({ text: 'photo 21' });
    const setting = list.setFilter({ text: '' });
    expect(await list.find(images[21]!.id)).toEqual({ place: 21, isIn: true });
    expect(list.row(22)?.id).toBe(images[22]!.id);
    await setting;
  });

  it('finds the next untouched image around its end, on pages not loaded yet', async () => {
    const { images, list } = await listOf(500, (index) => (index === 450 ? {} : { state: 'done' }));
    expect((await list.nextOpen(images[460]!.id))?.id).toBe(images[450]!.id);
    expect((await list.nextOpen(images[0]!.id))?.id).toBe(images[450]!.id);
  });

  it('finds an image that is to be checked, unless the filter asks for others', async () => {
    const { images, list } = await listOf(4, (index) => ({
      state: index === 2 ? 'to-check' : 'done',
    }));
    expect((await list.nextOpen(images[0]!.id))?.id).toBe(images[2]!.id);
    await list.setFilter({ state: 'untouched' });
    expect(await list.nextOpen(images[0]!.id)).toBeNull();
    await list.setFilter({ state: 'to-check' });
    expect((await list.nextOpen(images[0]!.id))?.id).toBe(images[2]!.id);
  });

  it('finds none when every image is reviewed', async () => {
    const { images, list } = await listOf(3, () => ({ state: 'reviewed-empty' }));
    expect(await list.nextOpen(images[0]!.id)).toBeNull();
  });

  it('finds none but the shown one, or none that the filter lets pass', async () => {
    const { images, list } = await listOf(3, (index) => (index === 1 ? {} : { state: 'done' }));
    expect(await list.nextOpen(images[1]!.id)).toBeNull();
    await list.setFilter({ state: 'done' });
    expect(await list.nextOpen(images[0]!.id)).toBeNull();
  });

  it('finds the place of any image and loads the rows around it', async () => {
    const { images, list } = await listOf(1000);
    expect(await list.find(images[799]!.id)).toEqual({ place: 799, isIn: true });
    expect(list.row(800)?.id).toBe(images[800]!.id);
  });

  it('knows where an image would be that the filter leaves out', async () => {
    const { images, list } = await listOf(10, (index) => (index === 6 ? { state: 'done' } : {}));
    await list.setFilter({ state: 'untouched' });
    expect(await list.find(images[6]!.id)).toEqual({ place: 6, isIn: false });
    expect(list.row(6)?.id).toBe(images[7]!.id);
  });

  it('moves the counts when a state changes', async () => {
    const { images, list } = await listOf(3);
    list.patch(images[1]!.id, 'done', 4);
    expect(list.row(1)).toMatchObject({ state: 'done', annotations: 4 });
    expect(list.counts).toEqual({ untouched: 2, 'to-check': 0, 'reviewed-empty': 0, done: 1 });
  });
});
