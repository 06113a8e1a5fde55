import { stepText, stepTexts } from '../../../core/project/step-labels.ts';
import { makeItem, oneSegment } from '../../../core/project/make-item.ts';
import { describe, expect, it } from 'vitest';
import { combineGeometries } from '../../../core/geometry/edit.ts';
import { rasterizeBox } from '../../../core/geometry/raster.ts';
import { geometryRle } from '../../../core/geometry/region.ts';
import { encodeRle, rleArea } from '../../../core/geometry/rle.ts';
import type { Box, Part, Rle } from '../../../core/geometry/shapes.ts';
import type { Annotation, Geometry } from '../../../core/records.ts';
import type { EdgeQuestion } from '../../../renderer/editor/edge-refiner.ts';
import { drawnRegion, makeImage, TestEditor } from '../../support/test-editor.ts';

const image = makeImage();

function box(...values: Box): Geometry {
  return { kind: 'box', box: values };
}

function polygon(...parts: Part[]): Geometry {
  return { kind: 'polygon', parts };
}

function mask(...boxes: Box[]): Geometry {
  const masks = boxes.map((values): Geometry => ({
    kind: 'mask',
    rle: encodeRle(rasterizeBox(values, 100, 80)),
  }));
  return combineGeometries(masks[0]!, masks.slice(1), 'union', 100, 80)!;
}

const square: Part = { outer: [10, 10, 50, 10, 50, 50, 10, 50], holes: [] };
const ring: Part = { ...square, holes: [[20, 20, 20, 40, 40, 40, 40, 20]] };

async function open(...geometries: Geometry[]) {
  const regions = geometries.map((geometry, index) => drawnRegion(image, geometry, index));
  const test = await TestEditor.open(image, ...regions);
  return { test: test.tool('select'), regions };
}

const geometryOf = (test: TestEditor, { id }: Annotation) =>
  test.editor.document.annotations.find((annotation) => annotation.id === id)?.geometry;

const labels = (test: TestEditor) =>
  test.bridge.applied.map(({ label }) => stepText(stepTexts, label));

describe('moving regions', () => {
  it('drags what is pressed by whole pixels, as one step', async () => {
    const { test, regions } = await open(mask([10, 10, 20, 20]));
    await test.down(15, 15).move(20, 18).move(25.4, 20.6).up().saved();
    expect(geometryOf(test, regions[0]!)).toEqual(mask([20, 16, 20, 20]));
    expect(test.editor.regions.selected).toMatchObject({ bbox: [20, 16, 20, 20], area: 400 });
    expect(labels(test)).toEqual(['Move a region']);
  });

  it('does not move on a click whose hand shakes', async () => {
    const { test, regions } = await open(mask([10, 10, 20, 20]));
    await test.down(15, 15).move(17, 16).up().saved();
    expect(geometryOf(test, regions[0]!)).toEqual(regions[0]!.geometry);
    expect(test.bridge.applied).toEqual([]);
  });

  it('keeps all selected regions inside the image and their places to each other', async () => {
    const { test, regions } = await open(mask([10, 10, 20, 20]), box(60, 50, 20, 20));
    test.editor.regions.selectAll();
    test.drag([15, 15], [95, 75]);
    expect(geometryOf(test, regions[0]!)).toEqual(mask([30, 20, 20, 20]));
    expect(geometryOf(test, regions[1]!)).toEqual(box(80, 60, 20, 20));
  });

  it('shows the regions where they go and not where they were', async () => {
    const { test, regions } = await open(box(10, 10, 20, 20), box(60, 50, 20, 20));
    test.down(15, 15).move(25, 15).move(30, 15);
    expect(test.editor.tools.draft).toMatchObject({ kind: 'moved', by: [15, 0] });
    expect(test.editor.tools.shownRegions.map(({ id }) => id)).toEqual([regions[1]!.id]);
    test.editor.escape();
    expect(test.editor.tools.shownRegions).toHaveLength(2);
    expect(geometryOf(test, regions[0]!)).toEqual(regions[0]!.geometry);
  });

  it('nudges by arrow keys, one step for as long as the key is held', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30);
    test.editor.tools.arrow([1, 0], false);
    test.editor.tools.arrow([1, 0], false);
    test.editor.tools.arrow([0, -1], true);
    expect(geometryOf(test, regions[0]!)).toEqual(polygon(square));
    test.editor.machine.arrowUp();
    await test.saved();
    expect(geometryOf(test, regions[0]!)).toEqual(
      polygon({ outer: [12, 0, 52, 0, 52, 40, 12, 40], holes: [] }),
    );
    expect(test.bridge.applied).toHaveLength(1);
  });

  it('leaves a locked region where it is, and says so', async () => {
    const { test, regions } = await open(box(10, 10, 20, 20));
    test.editor.regions.setLocked([regions[0]!.id], true);
    test.drag([15, 15], [40, 40]);
    expect(geometryOf(test, regions[0]!)).toEqual(box(10, 10, 20, 20));
    expect(test.failures).toHaveLength(1);
  });
});

describe('selecting several regions', () => {
  it('adds and takes out with Shift', async () => {
    const { test, regions } = await open(box(0, 0, 10, 10), box(20, 0, 10, 10));
    test.click(5, 5).click(25, 5, { shift: true });
    expect(test.editor.regions.selectedIds).toEqual(regions.map(({ id }) => id));
    test.click(5, 5, { shift: true });
    expect(test.editor.regions.selectedIds).toEqual([regions[1]!.id]);
  });

  it('frames those that lie in a dragged box with all of theirs', async () => {
    const { test, regions } = await open(
      box(10, 10, 10, 10),
      box(30, 10, 10, 10),
      box(45, 10, 40, 10),
    );
    test.drag([5, 5], [60, 40]);
    expect(test.editor.regions.selectedIds).toEqual([regions[0]!.id, regions[1]!.id]);
    test.drag([42, 5], [90, 40], { shift: true });
    expect(test.editor.regions.selectedIds).toHaveLength(3);
  });
});

describe('reshaping', () => {
  it('drags a vertex, in a hole too, as one step', async () => {
    const { test, regions } = await open(polygon(ring));
    await test.click(15, 15).drag([20, 20], [25, 30]).saved();
    expect(geometryOf(test, regions[0]!)).toEqual(
      polygon({ ...square, holes: [[25, 30, 20, 40, 40, 40, 40, 20]] }),
    );
    expect(labels(test)).toEqual(['Change an outline']);
  });

  it('puts a vertex in by the middle of an edge', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30).drag([30, 10], [30, 2]);
    expect(geometryOf(test, regions[0]!)).toEqual(
      polygon({ outer: [10, 10, 30, 2, 50, 10, 50, 50, 10, 50], holes: [] }),
    );
  });

  it('drags an edge and stops both its ends at the border', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30).drag([10, 40], [0, 75]);
    expect(geometryOf(test, regions[0]!)).toEqual(
      polygon({ outer: [0, 40, 50, 10, 50, 50, 0, 80], holes: [] }),
    );
  });

  it('takes a vertex out with Alt + click, but never the last outline', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30).click(10, 10, { alt: true });
    const triangle = polygon({ outer: [50, 10, 50, 50, 10, 50], holes: [] });
    expect(geometryOf(test, regions[0]!)).toEqual(triangle);
    test.click(50, 10, { alt: true });
    expect(geometryOf(test, regions[0]!)).toEqual(triangle);
  });

  it('resizes a box by corners and sides, through itself if need be', async () => {
    const { test, regions } = await open(box(20, 20, 20, 20));
    test.click(30, 30).drag([40, 40], [50.4, 44.6]);
    expect(geometryOf(test, regions[0]!)).toEqual(box(20, 20, 30, 25));
    test.drag([20, 32], [60, 32]);
    expect(geometryOf(test, regions[0]!)).toEqual(box(50, 20, 10, 25));
  });

  it('shows the new outline while it is dragged and drops it on Escape', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30).down(10, 10).move(0, 0).expectState('select.reshaping');
    expect(test.editor.tools.draft).toMatchObject({ kind: 'reshaped' });
    expect(test.editor.tools.shownRegions).toEqual([]);
    test.editor.escape();
    test.up();
    expect(geometryOf(test, regions[0]!)).toEqual(polygon(square));
  });

  it('refuses an outline without pixels', async () => {
    const flat = polygon({ outer: [10, 10, 40, 10, 25, 30], holes: [] });
    const { test, regions } = await open(flat);
    test.click(25, 15).drag([25, 30], [25, 10], { ctrl: true });
    expect(geometryOf(test, regions[0]!)).toEqual(flat);
    expect(test.failures).toHaveLength(1);
  });
});

describe('snapping', () => {
  const neighbours = () => open(polygon(square), box(55, 10, 30, 30));

  it('lays a dragged vertex on the vertex of a neighbour', async () => {
    const { test, regions } = await neighbours();
    test.click(30, 30).drag([50, 10], [54, 12]);
    expect(geometryOf(test, regions[0]!)).toMatchObject({
      parts: [{ outer: [10, 10, 55, 10, 50, 50, 10, 50] }],
    });
  });

  it('lays it on the border of a neighbour where no vertex is near', async () => {
    const { test, regions } = await neighbours();
    test.click(30, 30).drag([50, 50], [52, 26]);
    expect(geometryOf(test, regions[0]!)).toMatchObject({
      parts: [{ outer: [10, 10, 50, 10, 55, 26, 10, 50] }],
    });
  });

  it('lets go with Ctrl, and when it is switched off', async () => {
    const { test, regions } = await neighbours();
    test.click(30, 30).drag([50, 50], [52, 26], { ctrl: true });
    const free = { parts: [{ outer: [10, 10, 50, 10, 52, 26, 10, 50] }] };
    expect(geometryOf(test, regions[0]!)).toMatchObject(free);
    test.editor.tools.options.isSnapping = false;
    test.drag([52, 26], [53, 34]);
    expect(geometryOf(test, regions[0]!)).toMatchObject({
      parts: [{ outer: [10, 10, 50, 10, 53, 34, 10, 50] }],
    });
  });

  it('catches drawn vertices, at the edge of a mask too', async () => {
    const { test } = await open(mask([60, 10, 20, 20]));
    test.tool('polygon').click(58, 13).click(30, 10).click(30, 40).editor.finish();
    expect(test.editor.regions.selected?.geometry).toMatchObject({
      parts: [{ outer: [60, 10, 30, 10, 30, 40] }],
    });
  });
});

describe('drawing into a region', () => {
  it('cuts a hole with Alt at the first vertex', async () => {
    const { test, regions } = await open(polygon(square));
    test.click(30, 30).tool('polygon').click(20, 20, { alt: true });
    await test.click(40, 20).click(40, 40).click(20, 40).finish().saved();
    const result = geometryOf(test, regions[0]!);
    expect(result).toMatchObject({ parts: [{ holes: [expect.any(Array)] }] });
    expect(rleArea(geometryRle(result!, 100, 80))).toBe(1200);
    expect(labels(test)).toEqual(['Cut out of a region']);
  });

  it('adds a part that lies apart, when the tool is set to add', async () => {
    const { test, regions } = await open(polygon(square));
    test.editor.tools.options.drawMode = 'add';
    test.click(30, 30).tool('rectangle').drag([60, 10], [70, 20]);
    expect((geometryOf(test, regions[0]!) as { parts: Part[] }).parts).toHaveLength(2);
    expect(test.editor.document.annotations).toHaveLength(1);
  });

  it('asks for a region to cut out of', async () => {
    const { test } = await open(polygon(square));
    test.tool('rectangle').drag([20, 20], [40, 40], { alt: true });
    expect(test.editor.document.annotations).toHaveLength(1);
    expect(test.failures).toHaveLength(1);
  });
});

describe('the brush', () => {
  it('begins a region and goes on painting into it', async () => {
    const { test } = await open();
    test.editor.tools.options.setBrushSize(10);
    await test.tool('brush').drag([20, 20], [40, 20]).drag([40, 20], [40, 40]).saved();
    expect(test.editor.document.annotations).toMatchObject([
      { geometry: { kind: 'mask' }, bbox: [15, 15, 30, 30], provenance: { source: 'person' } },
    ]);
    expect(labels(test)).toEqual(['Draw a region', 'Paint']);
  });

  it('makes a polygon the mask of its pixels and the stroke', async () => {
    const { test, regions } = await open(polygon(square));
    test.editor.tools.options.setBrushSize(10);
    test.click(30, 30).tool('brush').drag([60, 30], [70, 30]);
    const result = geometryOf(test, regions[0]!)!;
    expect(result.kind).toBe('mask');
    const before = geometryRle(polygon(square), 100, 80);
    const kept = combineGeometries(result, [{ kind: 'mask', rle: before }], 'intersect', 100, 80);
    expect(kept).toEqual({ kind: 'mask', rle: before });
  });

  it('erases with the right button, and the eraser paints with it', async () => {
    const { test, regions } = await open(mask([10, 10, 40, 40]));
    test.editor.tools.options.setBrushSize(10);
    test.click(30, 30).tool('brush').click(30, 30, { button: 'right' });
    const hole = 1600 - test.editor.regions.selected!.area;
    expect(hole).toBeGreaterThan(70);
    test.tool('eraser').click(30, 30, { button: 'right' });
    expect(geometryOf(test, regions[0]!)).toEqual(mask([10, 10, 40, 40]));
  });

  it('removes a region that is erased altogether, and undo brings it back', async () => {
    const { test, regions } = await open(mask([10, 10, 10, 10]));
    test.editor.tools.options.setBrushSize(100);
    test.click(15, 15).tool('eraser').click(15, 15);
    expect(test.editor.document.annotations).toEqual([]);
    await test.editor.travel('undo');
    expect(test.editor.document.annotations).toEqual(regions);
  });

  it('changes nothing with a stroke that changes no pixel', async () => {
    const { test, regions } = await open(polygon(square));
    test.editor.tools.options.setBrushSize(4);
    await test.click(30, 30).tool('eraser').click(80, 60).tool('brush').click(30, 30).saved();
    expect(geometryOf(test, regions[0]!)).toEqual(polygon(square));
    expect(test.bridge.applied).toEqual([]);
  });

  it('grows and shrinks by steps that are felt', async () => {
    const { options } = (await open()).test.editor.tools;
    options.setBrushSize(1);
    options.growBrush(-1);
    expect(options.brushSize).toBe(1);
    options.growBrush(1);
    expect(options.brushSize).toBe(2);
    for (let step = 0; step < 50; step++) options.growBrush(1);
    expect(options.brushSize).toBe(512);
  });
});

describe('combining regions', () => {
  const two = async () => {
    const { test, regions } = await open(polygon(square), box(30, 30, 40, 40));
    test.click(15, 15).click(60, 60, { shift: true });
    return { test, regions };
  };
  const areaOf = (test: TestEditor) => test.editor.document.annotations.map(({ area }) => area);

  it.each([
    ['union', [2800]],
    ['intersect', [400]],
    ['exclude', [2400]],
    ['subtract', [1200, 1600]],
  ] as const)('%s keeps the first region and its id', async (operation, areas) => {
    const { test, regions } = await two();
    test.editor.edits.combine(operation);
    expect(areaOf(test)).toEqual(areas);
    expect(test.editor.regions.selectedIds).toEqual([regions[0]!.id]);
    await test.editor.travel('undo');
    expect(test.editor.document.annotations).toEqual(regions);
  });

  it('refuses to leave nothing', async () => {
    const { test, regions } = await open(box(10, 10, 20, 20), box(0, 0, 60, 60));
    test.editor.tools.select(regions.map(({ id }) => id));
    test.editor.edits.combine('subtract');
    expect(test.editor.document.annotations).toEqual(regions);
    expect(test.failures).toHaveLength(1);
  });

  it('keeps the words of the regions that become part of another', async () => {
    const house = drawnRegion(image, polygon(square), 0);
    const chimney = drawnRegion(image, box(30, 30, 40, 40), 1);
    const subject = { imageId: image.id, segments: oneSegment('description', chimney.id) };
    const words = { task: 'description', content: { text: 'a chimney' } } as const;
    const item = makeItem(words, subject, { source: 'person' });
    const test = await TestEditor.open(image, house, chimney, item);
    test.editor.tools.select([house.id, chimney.id]);
    test.editor.edits.combine('union');
    expect(test.editor.document.items).toMatchObject([
      { id: item.id, content: item.content, segments: oneSegment('description', house.id) },
    ]);
    await test.editor.travel('undo');
    expect(test.editor.document.items).toEqual([item]);
  });
});

describe('changing the form of a region', () => {
  it('splits parts into regions of the same category', async () => {
    const { test, regions } = await open(mask([10, 10, 10, 10], [40, 40, 20, 20]));
    test.editor.regions.selectAll();
    test.editor.edits.split();
    expect(test.editor.document.annotations).toMatchObject([
      { id: regions[0]!.id, area: 400, bbox: [40, 40, 20, 20] },
      { area: 100, bbox: [10, 10, 10, 10], zOrder: 1 },
    ]);
    await test.editor.travel('undo');
    expect(test.editor.document.annotations).toEqual(regions);
  });

  it('fills holes, and says when there are none', async () => {
    const { test, regions } = await open(polygon(ring));
    test.editor.regions.selectAll();
    test.editor.edits.fillHoles();
    expect(geometryOf(test, regions[0]!)).toEqual(polygon(square));
    test.editor.edits.fillHoles();
    expect(test.failures).toEqual(['This region has no holes.']);
  });

  it('converts between mask and polygon without losing a pixel', async () => {
    const { test, regions } = await open(mask([10, 10, 10, 10], [15, 15, 20, 20]));
    test.editor.regions.selectAll();
    test.editor.edits.convert('polygon');
    expect(geometryOf(test, regions[0]!)?.kind).toBe('polygon');
    test.editor.edits.convert('mask');
    expect(geometryOf(test, regions[0]!)).toEqual(regions[0]!.geometry);
  });
});

describe('simplifying', () => {
  const stairs = polygon({
    outer: [10, 10, 50, 10, 50, 30, 49, 30, 49, 31, 48, 31, 48, 50, 10, 50],
    holes: [],
  });

  it('shows the outline and its true likeness before anything is changed', async () => {
    const { test, regions } = await open(stairs);
    test.editor.regions.selectAll();
    test.editor.outline.simplify();
    const simplification = test.editor.outline.simplification!;
    simplification.tolerance = 0;
    expect(simplification.result).toMatchObject({ iou: 1, vertices: 8 });
    simplification.tolerance = 3;
    expect(simplification.result.vertices).toBeLessThan(8);
    const { geometry } = simplification;
    expect(test.editor.tools.drafts).toMatchObject([{ kind: 'reshaped', geometry }]);
    expect(test.editor.tools.shownRegions).toEqual([]);
    expect(geometryOf(test, regions[0]!)).toEqual(stairs);
  });

  it('takes the outline on Enter as one step and drops it on Escape', async () => {
    const { test, regions } = await open(stairs);
    test.editor.regions.selectAll();
    test.editor.outline.simplify();
    test.editor.outline.simplification!.tolerance = 3;
    test.editor.escape();
    expect(test.editor.outline.simplification).toBeNull();
    expect(geometryOf(test, regions[0]!)).toEqual(stairs);

    test.editor.outline.simplify();
    test.editor.outline.simplification!.tolerance = 3;
    const { geometry, result } = test.editor.outline.simplification!;
    await test.finish().saved();
    expect(geometryOf(test, regions[0]!)).toEqual(geometry);
    expect(labels(test)).toEqual([`Simplify to ${result.vertices} vertices`]);
  });

  it('ends when another region is selected', async () => {
    const { test, regions } = await open(stairs, box(60, 60, 10, 10));
    test.editor.tools.select([regions[0]!.id]);
    test.editor.outline.simplify();
    test.editor.tools.select([regions[1]!.id]);
    expect(test.editor.outline.simplification).toBeNull();
  });
});

describe('fitting an edge to the image', () => {
  it('changes the mask as one step when the pixels were looked at', async () => {
    const { test, regions } = await open(box(10, 10, 40, 40));
    const asked: EdgeQuestion[] = [];
    test.editor.outline.refiner = (question) => {
      asked.push(question);
      return Promise.resolve((mask([12, 12, 30, 30]) as { rle: Rle }).rle);
    };
    test.editor.regions.selectAll();
    await test.editor.outline.refineEdge();
    await test.saved();
    expect(asked).toMatchObject([{ imageUrl: `/image/${image.id}/full`, radius: 3 }]);
    expect(rleArea(asked[0]!.rle)).toBe(1600);
    expect(geometryOf(test, regions[0]!)).toEqual(mask([12, 12, 30, 30]));
    expect(labels(test)).toEqual(['Fit an edge to the image']);
    expect(test.editor.outline.refiningId).toBeNull();
  });

  it('leaves a region alone that was changed meanwhile', async () => {
    const { test, regions } = await open(box(10, 10, 40, 40));
    const { promise, resolve } = Promise.withResolvers<Rle>();
    test.editor.outline.refiner = () => promise;
    test.editor.regions.selectAll();
    const refining = test.editor.outline.refineEdge();
    test.editor.tools.moveSelection([5, 0]);
    resolve((mask([12, 12, 30, 30]) as { rle: Rle }).rle);
    await refining;
    expect(geometryOf(test, regions[0]!)).toEqual(box(15, 10, 40, 40));
  });

  it('says why when the pixels cannot be had', async () => {
    const { test, regions } = await open(box(10, 10, 40, 40));
    test.editor.outline.refiner = () => Promise.reject(new Error('no pixels'));
    test.editor.regions.selectAll();
    await test.editor.outline.refineEdge();
    expect(test.failures).toHaveLength(1);
    expect(test.editor.outline.refiningId).toBeNull();
    expect(geometryOf(test, regions[0]!)).toEqual(regions[0]!.geometry);
  });
});

describe('copies', () => {
  it('lie beside the original on its image, each beside the one before', async () => {
    const { test } = await open(box(10, 10, 20, 20));
    test.editor.regions.selectAll();
    test.editor.edits.copy();
    test.editor.edits.paste();
    test.editor.edits.paste();
    expect(test.editor.document.annotations.map(({ bbox }) => bbox)).toEqual([
      [10, 10, 20, 20],
      [20, 20, 20, 20],
      [30, 30, 20, 20],
    ]);
    test.editor.edits.duplicate();
    expect(test.editor.regions.selected?.bbox).toEqual([40, 40, 20, 20]);
  });

  it('come to the same place of the next image, cut to its size', async () => {
    const next = makeImage({ width: 30, height: 200 });
    const region = drawnRegion(image, mask([20, 10, 20, 20], [60, 60, 5, 5]), 0);
    const test = await TestEditor.open(image, next, region);
    test.editor.regions.selectAll();
    await test.editor.copyToNext();
    expect(test.editor.document.image).toMatchObject({ id: next.id, state: 'untouched' });
    expect(test.editor.document.annotations).toMatchObject([
      {
        imageId: next.id,
        bbox: [20, 10, 10, 20],
        area: 200,
        geometry: { rle: { size: [200, 30] } },
      },
    ]);
    expect(test.editor.document.annotations[0]!.id).not.toBe(region.id);
  });

  it('that lie outside the image are refused', async () => {
    const next = makeImage({ width: 10, height: 10 });
    const test = await TestEditor.open(image, next, drawnRegion(image, box(20, 20, 9, 9), 0));
    test.editor.regions.selectAll();
    await test.editor.copyToNext();
    expect(test.editor.document.annotations).toEqual([]);
    expect(test.failures).toHaveLength(1);
  });
});

describe('copying', () => {
  it('to the next images is one step, and leaves out where there is no room', async () => {
    const images = [makeImage(), makeImage(), makeImage({ width: 20, height: 20 }), makeImage()];
    const test = (await TestEditor.open(...images)).tool('rectangle').drag([40, 40], [60, 60]);
    test.editor.assign(test.editor.regions.selection, 'boat');
    await test.saved();
    const steps = test.bridge.applied.length;
    await test.editor.propagate(3);
    expect(test.bridge.applied).toHaveLength(steps + 1);
    const added = Object.values(test.bridge.applied.at(-1)!.diff.added);
    expect(added.map((record) => record.kind === 'annotation' && record.imageId)).toEqual([
      images[1]!.id,
      images[3]!.id,
    ]);
    expect(added).toMatchObject([{ bbox: [40, 40, 20, 20] }, { bbox: [40, 40, 20, 20] }]);
    await test.editor.propagate(0);
    expect(test.failures).toHaveLength(1);
  });

  it('makes the last region once more, in place on another image', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage()))
      .tool('rectangle')
      .drag([40, 40], [60, 60]);
    await test.editor.opened.step(1);
    test.editor.repeatLast();
    expect(test.editor.document.annotations).toMatchObject([{ bbox: [40, 40, 20, 20] }]);
  });
});
