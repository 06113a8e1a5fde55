import { describe, expect, it } from 'vitest';
import { makeImage, TestEditor } from '../../support/test-editor.ts';

describe('the point prompt', () => {
  it('asks with a positive point on a left click', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 20);
    expect(test.askedMarks).toEqual([{ kind: 'point', at: [10, 20], positive: true }]);
  });

  it.each([{ button: 'right' as const }, { alt: true }])(
    'asks with a negative point on %o',
    async (modifiers) => {
      const test = (await TestEditor.open()).tool('point').click(10, 20, modifiers);
      expect(test.askedMarks).toEqual([{ kind: 'point', at: [10, 20], positive: false }]);
    },
  );

  it('sends every mark again when a point refines the prompt', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 20).click(30, 40, { alt: true });
    expect(test.bridge.waiting.at(-1)?.input.request.regions[0]?.marks).toEqual([
      { kind: 'point', at: [10, 20], positive: true },
      { kind: 'point', at: [30, 40], positive: false },
    ]);
  });

  it('starts on another object with Shift', async () => {
    const test = (await TestEditor.open())
      .tool('point')
      .click(10, 20)
      .click(30, 40, { shift: true });
    expect(test.bridge.waiting.at(-1)?.input.request.regions[0]?.marks).toHaveLength(1);
  });

  it('ignores a click beside the image', async () => {
    const test = (await TestEditor.open()).tool('point').click(-1, 20).click(50, 80);
    expect(test.bridge.waiting).toEqual([]);
  });
});

describe('the box prompt', () => {
  it.each([
    [
      [10, 20],
      [40, 60],
    ],
    [
      [40, 60],
      [10, 20],
    ],
    [
      [10, 60],
      [40, 20],
    ],
  ] as const)(
    'asks with the same box whichever corners it is dragged between',
    async (from, to) => {
      const test = (await TestEditor.open()).tool('box').drag(from, to);
      expect(test.askedMarks).toEqual([{ kind: 'box', box: [10, 20, 30, 40] }]);
    },
  );

  it('cuts the box to the image', async () => {
    const test = (await TestEditor.open()).tool('box').drag([-20, -20], [500, 40]);
    expect(test.askedMarks).toEqual([{ kind: 'box', box: [0, 0, 100, 40] }]);
  });

  it('draws a square with Shift', async () => {
    const test = (await TestEditor.open()).tool('box').down(10, 10).move(30, 15, { shift: true });
    expect(test.editor.tools.draft).toEqual({ kind: 'box', box: [10, 10, 20, 20] });
  });

  it('takes a drag of a few screen pixels for a slip, at any zoom', async () => {
    const test = (await TestEditor.open()).tool('box');
    test.drag([10, 10], [14, 14], { screenPixel: 2 });
    expect(test.bridge.waiting).toEqual([]);
    test.drag([10, 10], [14, 14], { screenPixel: 1 });
    expect(test.bridge.waiting).toHaveLength(1);
  });

  it('takes out of the answer what is clicked with the right button', async () => {
    const test = (await TestEditor.open()).tool('box').drag([10, 20], [40, 60]);
    test.click(30, 40, { button: 'right' }).click(-5, 40, { button: 'right' });
    expect(test.bridge.waiting.at(-1)?.input.request.regions[0]?.marks).toEqual([
      { kind: 'box', box: [10, 20, 30, 40] },
      { kind: 'point', at: [30, 40], positive: false },
    ]);
  });

  it('drops the draft on Escape and asks nothing', async () => {
    const test = (await TestEditor.open()).tool('box').down(10, 10).move(40, 40);
    test.expectState('box.dragging').editor.escape();
    test.up().expectState('box.idle');
    expect(test.editor.tools.draft).toBeNull();
    expect(test.bridge.waiting).toEqual([]);
  });
});

describe('the scribble prompt', () => {
  it('asks with the stroke, thinned to what can be seen', async () => {
    const test = (await TestEditor.open()).tool('scribble').down(10, 10);
    test.move(11, 10).move(15, 10).move(20, 12).up();
    expect(test.askedMarks).toEqual([
      {
        kind: 'scribble',
        points: [
          [10, 10],
          [15, 10],
          [20, 12],
        ],
        width: 12,
        positive: true,
      },
    ]);
  });

  it('keeps the stroke inside the image', async () => {
    const test = (await TestEditor.open()).tool('scribble').drag([10, 10], [300, 10]);
    expect(test.askedMarks).toMatchObject([
      {
        points: [
          [10, 10],
          [100, 10],
        ],
      },
    ]);
  });
});

describe('the polygon tool', () => {
  const triangle = async () =>
    (await TestEditor.open()).tool('polygon').click(10, 10).click(40, 10).click(40, 40);

  it.each(['finish', 'first vertex'] as const)('closes by %s', async (how) => {
    const test = await triangle();
    if (how === 'finish') test.editor.finish();
    else test.move(12, 12).click(12, 12);
    test.expectState('polygon.idle');
    expect(test.editor.document.annotations).toMatchObject([
      {
        geometry: { kind: 'polygon', parts: [{ outer: [10, 10, 40, 10, 40, 40], holes: [] }] },
        provenance: { source: 'person' },
      },
    ]);
  });

  it('measures the area and the box of the pixels', async () => {
    const test = (await TestEditor.open()).tool('polygon');
    test.click(10, 10).click(30, 10).click(30, 30).click(10, 30).editor.finish();
    expect(test.editor.document.annotations).toMatchObject([{ area: 400, bbox: [10, 10, 20, 20] }]);
  });

  it('takes back one vertex at a time, and at last the draft', async () => {
    const test = await triangle();
    test.editor.deleteOrStepBack();
    expect(test.editor.tools.draft).toMatchObject({
      points: [
        [10, 10],
        [40, 10],
      ],
    });
    test.editor.deleteOrStepBack();
    test.editor.deleteOrStepBack();
    test.expectState('polygon.idle');
    expect(test.editor.tools.draft).toBeNull();
  });

  it('keeps its draft while the view moves', async () => {
    const test = await triangle();
    test.editor.view.pan(10, 10);
    test.editor.view.zoom(2);
    test.expectState('polygon.drawing');
  });

  it('keeps its draft while another tool is used, and goes on with it', async () => {
    const test = (await triangle()).tool('rectangle').drag([50, 50], [70, 70]);
    expect(test.editor.document.annotations).toHaveLength(1);
    expect(Array.from(test.editor.tools.drafts.values())).toMatchObject([{ kind: 'polygon' }]);
    test.tool('polygon').expectState('polygon.drawing').editor.finish();
    expect(test.editor.document.annotations).toMatchObject([
      { geometry: { kind: 'box' } },
      { geometry: { parts: [{ outer: [10, 10, 40, 10, 40, 40] }] } },
    ]);
  });

  it('takes vertices back by undo and puts them again by redo, before any step of the journal', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([50, 50], [70, 70]);
    test.tool('polygon').click(10, 10).click(40, 10).click(40, 40);
    await test.editor.travel('undo');
    await test.editor.travel('undo');
    await test.editor.travel('redo');
    expect(test.editor.tools.draft).toMatchObject({
      points: [
        [10, 10],
        [40, 10],
      ],
    });
    expect(test.editor.document.annotations).toHaveLength(1);
    test.click(20, 40);
    await test.editor.travel('redo');
    test.editor.finish();
    expect(test.editor.regions.selected?.geometry).toMatchObject({
      parts: [{ outer: [10, 10, 40, 10, 20, 40] }],
    });
  });

  it('lets Escape drop a draft that waits before it puts the tool away', async () => {
    const test = (await triangle()).tool('rectangle');
    test.editor.escape();
    expect(test.editor.tools.drafts.length).toBe(0);
    test.expectState('rectangle.idle').editor.escape();
    test.expectState('select.idle').tool('polygon').expectState('polygon.idle');
  });

  it('goes on where it was left when its image is shown again', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage())).tool('polygon');
    test.click(10, 10).click(40, 10);
    await test.editor.opened.step(1);
    test.expectState('polygon.idle').click(5, 5).tool('select');
    await test.editor.opened.step(-1);
    test.expectState('select.idle').tool('polygon').expectState('polygon.drawing');
    test.click(10, 40).finish();
    expect(test.editor.document.annotations[0]?.geometry).toMatchObject({
      parts: [{ outer: [10, 10, 40, 10, 10, 40] }],
    });
    await test.editor.opened.step(1);
    expect(test.editor.tools.drafts).toHaveLength(1);
  });

  it('takes its draft to no other image', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage())).tool('polygon');
    test.click(10, 10).click(40, 10).tool('select');
    await test.editor.opened.step(1);
    expect(test.editor.tools.drafts.length).toBe(0);
    test.tool('polygon').expectState('polygon.idle');
  });

  it('takes back only the press that was the first finger of a pinch', async () => {
    const test = (await triangle()).down(70, 70).move(90, 70);
    test.editor.machine.cancel();
    test.expectState('polygon.drawing').editor.finish();
    expect(test.editor.regions.selected?.geometry).toMatchObject({
      parts: [{ outer: [10, 10, 40, 10, 40, 40] }],
    });
  });

  it('draws freely while the button is held', async () => {
    const test = (await TestEditor.open()).tool('polygon').down(10, 10);
    test.move(14, 10).move(40, 10).move(40, 12).move(40, 40).up().editor.finish();
    expect(test.editor.regions.selected?.geometry).toMatchObject({
      parts: [{ outer: [10, 10, 40, 10, 40, 40] }],
    });
  });

  it('refuses a shape without pixels and says so', async () => {
    const test = (await TestEditor.open()).tool('polygon');
    test.click(10, 10).click(20, 10).click(30, 10).editor.finish();
    expect(test.editor.document.annotations).toEqual([]);
    expect(test.failures).toEqual(['This shape covers no pixel of the image. Draw it larger.']);
  });
});

describe('the select tool', () => {
  const nested = async () => {
    const test = (await TestEditor.open()).tool('rectangle');
    return test.drag([0, 0], [60, 60]).drag([10, 10], [30, 30]).tool('select');
  };

  it('selects the smallest region under the pointer', async () => {
    const test = (await nested()).click(20, 20);
    expect(test.editor.regions.selected?.geometry).toEqual({ kind: 'box', box: [10, 10, 20, 20] });
  });

  it('goes on to the region underneath with Alt, and around', async () => {
    const test = (await nested()).click(20, 20).click(20, 20, { alt: true });
    expect(test.editor.regions.selected?.area).toBe(3600);
    test.click(20, 20, { alt: true });
    expect(test.editor.regions.selected?.area).toBe(400);
  });

  it('does not reach hidden regions', async () => {
    const test = await nested();
    test.editor.regions.toggleAll();
    test.click(20, 20);
    expect(test.editor.regions.selected).toBeNull();
  });

  it('unselects beside every region', async () => {
    const test = (await nested()).click(20, 20).click(90, 70);
    expect(test.editor.regions.selected).toBeNull();
  });
});

describe('the crop for the model', () => {
  it('goes with every question, in whole pixels of the image', async () => {
    const test = (await TestEditor.open()).tool('crop').drag([10.4, 10.6], [49.5, 60]);
    test.tool('point').click(20, 20);
    test.editor.proposals.askWords('the dog');
    expect(test.bridge.waiting.map(({ input }) => input.request.crop)).toEqual([
      [10, 10, 40, 50],
      [10, 10, 40, 50],
    ]);
  });

  it('refuses marks that the model could not see', async () => {
    const test = (await TestEditor.open()).tool('crop').drag([10, 10], [50, 60]);
    test.tool('point').click(5, 20).tool('box').drag([60, 10], [80, 40]);
    expect(test.bridge.waiting).toEqual([]);
    expect(test.failures).toHaveLength(2);
    test.tool('box').drag([40, 10], [80, 40]);
    expect(test.askedMarks).toMatchObject([{ kind: 'box' }]);
  });

  it('ends with a click and with the image; a prompt goes on only under its own crop', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage())).tool('point').click(20, 20);
    test.tool('crop').drag([10, 10], [50, 60]).tool('point').click(30, 30);
    expect(test.bridge.waiting.at(-1)?.input.request.regions[0]?.marks).toHaveLength(1);
    test.tool('crop').click(70, 70);
    expect(test.editor.proposals.crop).toBeNull();
    test.drag([10, 10], [50, 60]);
    await test.editor.opened.step(1);
    expect(test.editor.proposals.crop).toBeNull();
  });
});
