import { describe, expect, it } from 'vitest';
import { keypointsOf } from '../../../core/project/keypoints.ts';
import { command } from '../../../renderer/commands.ts';
import type { Studio } from '../../../renderer/studio.svelte.ts';
import { drawnRegion, makeCategory, makeImage, TestEditor } from '../../support/test-editor.ts';

const regionsOf = (test: TestEditor) => test.editor.document.annotations;
const square = { kind: 'box' as const, box: [10, 10, 30, 30] as [number, number, number, number] };
const pet = makeCategory('pet', {
  skeleton: {
    keypoints: ['nose', 'back', 'tail'],
    edges: [
      [0, 1],
      [1, 2],
    ],
  },
});

async function openWithPet(): Promise<TestEditor> {
  const test = await TestEditor.open(makeImage(), pet);
  test.editor.proposals.noteUse('pet');
  return test;
}

/** As large on the screen as the pointer events of the tests say. */
async function openAtActualSize(): Promise<TestEditor> {
  const test = await TestEditor.open();
  test.editor.view.resize({ width: 400, height: 400 });
  test.editor.view.showActualSize();
  return test;
}

describe('the polyline', () => {
  it('is ended by Enter, is hit near its line only, and is undone as one step', async () => {
    const test = (await openAtActualSize())
      .tool('polyline')
      .click(10, 10)
      .click(50, 10)
      .click(50, 40);
    test.editor.deleteOrStepBack();
    test.click(60, 40).finish();
    const [line] = regionsOf(test);
    expect(line).toMatchObject({
      geometry: { kind: 'polyline', points: [10, 10, 50, 10, 60, 40] },
      bbox: [10, 10, 50, 30],
      area: 0,
    });
    expect(test.editor.tools.hitTest([30, 11])).toEqual([line!.id]);
    expect(test.editor.tools.hitTest([30, 30])).toEqual([]);
    await test.editor.travel('undo');
    expect(regionsOf(test)).toEqual([]);
  });

  it('has no inside whose outline could be simplified or fitted', async () => {
    const test = (await openAtActualSize()).tool('polyline').click(10, 10).click(50, 10).finish();
    test.editor.regions.select(regionsOf(test)[0]!.id);
    const studio = { editor: test.editor, makesRegions: true } as Studio;
    for (const id of ['simplify', 'refineEdge'] as const) {
      expect(command(id).isEnabled(studio)).toBe(false);
    }
  });

  it('is reshaped at its vertices, but has no edge from its end to its start', async () => {
    const test = (await openAtActualSize())
      .tool('polyline')
      .click(10, 10)
      .click(50, 10)
      .click(50, 60);
    test.finish().tool('select').drag([50, 10], [60, 20]);
    expect(regionsOf(test)[0]!.geometry).toEqual({
      kind: 'polyline',
      points: [10, 10, 60, 20, 50, 60],
    });
    test.drag([30, 35], [10, 70]);
    expect(regionsOf(test)[0]!.geometry).toMatchObject({ points: [10, 10, 60, 20, 50, 60] });
  });

  it('cannot be joined with a region, which stays as it is', async () => {
    const image = makeImage();
    const test = await TestEditor.open(image, drawnRegion(image, square, 0));
    test.tool('polyline').click(10, 10).click(50, 10).finish();
    test.editor.regions.selectAll();
    test.editor.edits.combine('union');
    expect(regionsOf(test)).toHaveLength(2);
    expect(test.failures).toEqual([expect.stringMatching(/no inside/)]);
  });
});

describe('the tag of an image', () => {
  it('is the category that new regions get, has no pixels, and is removed as a region is', async () => {
    const test = (await openWithPet()).tool('tag').click(5, 5);
    expect(regionsOf(test)).toMatchObject([
      { geometry: { kind: 'tag' }, categoryId: pet.id, bbox: [0, 0, 100, 80], area: 0 },
    ]);
    expect(test.editor.tools.hitTest([50, 40])).toEqual([]);
    test.editor.deleteOrStepBack();
    expect(regionsOf(test)).toEqual([]);
  });

  it('does not move', async () => {
    const test = (await openWithPet()).tool('tag').finish();
    test.editor.edits.move([5, 5]);
    expect(regionsOf(test)[0]).toMatchObject({ bbox: [0, 0, 100, 80] });
  });
});

describe('the keypoints', () => {
  it('of a category without a list of them are refused, and the way to that list is offered', async () => {
    const boat = makeCategory('boat');
    const test = await TestEditor.open(makeImage(), boat);
    test.tool('keypoints').click(10, 10);
    expect(test.editor.tools.draft).toBeNull();
    expect(test.remedy).toEqual({ kind: 'skeleton', categoryId: null });
    test.editor.proposals.noteUse('boat');
    test.click(10, 10);
    expect(test.remedy).toEqual({ kind: 'skeleton', categoryId: boat.id });
    expect(test.failures).toHaveLength(2);
  });

  it('are set in the order of the skeleton: hidden by the right button, left out with Shift', async () => {
    const test = (await openWithPet()).tool('keypoints').click(10, 10).click(1, 1, { shift: true });
    expect(test.editor.tools.draft).toMatchObject({ next: { name: 'tail' } });
    test.click(40, 30, { button: 'right' });
    expect(regionsOf(test)).toMatchObject([
      {
        categoryId: pet.id,
        keypoints: [
          [10, 10, 2],
          [0, 0, 0],
          [40, 30, 1],
        ],
        geometry: { kind: 'box', box: [10, 10, 30, 20] },
      },
    ]);
    await test.editor.travel('undo');
    expect(regionsOf(test)).toEqual([]);
  });

  it('take a step back and forward, and end with Enter where the rest is not to be seen', async () => {
    const test = (await openWithPet()).tool('keypoints').click(10, 10).click(20, 20);
    await test.editor.travel('undo');
    expect(test.editor.tools.draft).toMatchObject({ next: { name: 'back' } });
    await test.editor.travel('redo');
    test.finish();
    expect(keypointsOf(regionsOf(test)[0]!)).toEqual([
      [10, 10, 2],
      [20, 20, 2],
      [0, 0, 0],
    ]);
  });

  it('become those of the selected region, whose outline stays', async () => {
    const image = makeImage();
    const region = { ...drawnRegion(image, square, 0), categoryId: pet.id };
    const test = await TestEditor.open(image, pet, region);
    test.editor.regions.select(region.id);
    test.tool('keypoints').click(10, 10).click(20, 20).click(30, 30);
    expect(regionsOf(test)).toMatchObject([
      {
        id: region.id,
        geometry: region.geometry,
        keypoints: [
          [10, 10, 2],
          [20, 20, 2],
          [30, 30, 2],
        ],
      },
    ]);
  });

  it('are dragged, hidden with Alt, and move with their region; the box around them follows', async () => {
    const test = (await openWithPet()).tool('keypoints').click(10, 10).click(20, 20).click(30, 30);
    test.tool('select').drag([30, 30], [60, 50]);
    expect(regionsOf(test)[0]).toMatchObject({
      keypoints: [
        [10, 10, 2],
        [20, 20, 2],
        [60, 50, 2],
      ],
      bbox: [10, 10, 50, 40],
    });
    test.click(20, 20, { alt: true });
    test.editor.edits.move([5, 5]);
    expect(regionsOf(test)[0]).toMatchObject({
      keypoints: [
        [15, 15, 2],
        [25, 25, 1],
        [65, 55, 2],
      ],
      bbox: [15, 15, 50, 40],
    });
  });

  it('have a box around them that is not reshaped at its edges, for it follows them', async () => {
    const test = (await openWithPet()).tool('keypoints').click(10, 10).click(20, 40).click(60, 50);
    test.tool('select').drag([60, 30], [90, 30]);
    expect(regionsOf(test)[0]).toMatchObject({ bbox: [10, 10, 50, 40] });
  });
});
