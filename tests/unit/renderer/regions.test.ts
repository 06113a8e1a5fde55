import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../app/api/settings.ts';
import { applyDiff } from '../../../core/diff.ts';
import type { Annotation } from '../../../core/records.ts';
import { Editor } from '../../../renderer/editor/editor.svelte.ts';
import { moveInOrder, type OrderMove } from '../../../renderer/editor/drawing-order.ts';
import { makeCategory, makeImage, TestEditor } from '../../support/test-editor.ts';

/** An editor with regions drawn one after the other. */
async function drawn(count: number): Promise<TestEditor> {
  const test = (await TestEditor.open(makeImage(), makeCategory('cat'))).tool('rectangle');
  for (let index = 0; index < count; index++) {
    test.drag([index * 10, 0], [index * 10 + 8, 8]);
  }
  return test.saved();
}

const ids = (annotations: readonly Annotation[]) => annotations.map(({ id }) => id);

describe('selecting several regions', () => {
  it('goes by single regions and by ranges of the drawing order', async () => {
    const { regions, document } = (await drawn(4)).editor;
    const [first, second, third] = ids(document.annotations);
    regions.select(first!);
    regions.selectTo(third!);
    expect(regions.selectedIds).toEqual([first, second, third]);
    regions.toggle(second!);
    expect(ids(regions.selection)).toEqual([first, third]);
    expect(regions.selected?.id).toBe(third);
    regions.selectAll();
    expect(regions.selection).toHaveLength(4);
  });

  it('lets one step categorise or delete all of them', async () => {
    const test = await drawn(3);
    const { editor, bridge } = test;
    editor.regions.selectAll();
    editor.assign(editor.regions.selection, 'cat');
    await test.saved();
    expect(bridge.applied).toHaveLength(4);
    expect(new Set(editor.document.annotations.map(({ categoryId }) => categoryId)).size).toBe(1);
    editor.deleteOrStepBack();
    expect(editor.document.annotations).toEqual([]);
    expect(editor.regions.selectedIds).toEqual([]);
    await editor.travel('undo');
    expect(editor.document.annotations).toHaveLength(3);
  });
});

describe('a locked region', () => {
  it('can neither be edited nor deleted until it is unlocked', async () => {
    const test = await drawn(2);
    const { editor } = test;
    const before = editor.document.annotations;
    editor.regions.select(before[0]!.id);
    editor.regions.toggleLocked();
    editor.assign(editor.regions.selection, 'dog');
    editor.deleteOrStepBack();
    editor.moveInOrder('front');
    expect(editor.document.annotations).toEqual(before);
    expect(test.failures).toHaveLength(3);
    editor.regions.toggleLocked();
    editor.deleteOrStepBack();
    expect(editor.document.annotations).toEqual([before[1]]);
  });

  it('keeps its lock while another image is shown, and lets its neighbours move past it', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage())).tool('rectangle');
    test.drag([0, 0], [8, 8]).drag([10, 0], [18, 8]);
    const { editor } = test;
    const [below, above] = ids(editor.document.annotations);
    editor.regions.setLocked([above!], true);
    await editor.opened.step(1);
    await editor.opened.step(-1);
    expect(editor.regions.lockedIds.has(above!)).toBe(true);
    editor.regions.select(below!);
    editor.moveInOrder('forward');
    expect(ids(editor.document.annotations)).toEqual([above, below]);
  });

  it('keeps its lock when the project is opened again, and no step of undo takes it away', async () => {
    const test = (await TestEditor.open()).tool('rectangle');
    test.drag([0, 0], [8, 8]);
    await test.editor.document.saves.settled();
    const [annotation] = test.editor.document.annotations;
    test.editor.regions.setLocked([annotation!.id], true);
    await test.editor.travel('undo');
    await test.editor.travel('redo');
    const reopened = new Editor(test.bridge, test.bridge.summary, {
      failure: () => undefined,
      thrown: () => undefined,
    });
    await reopened.settings.load();
    await reopened.reload();
    expect(ids(reopened.document.annotations)).toEqual([annotation!.id]);
    expect([...reopened.regions.lockedIds]).toEqual([annotation!.id]);
    reopened.regions.setLocked([annotation!.id], false);
    expect(test.bridge.settings.lockedIds).toEqual([]);
  });
});

describe('the drawing order', () => {
  it('changes as a list would, whatever places the regions had', async () => {
    const [annotation] = (await drawn(1)).editor.document.annotations;
    const move = fc.constantFrom<OrderMove>('front', 'forward', 'backward', 'back');
    const sorted = (annotations: Iterable<Annotation>) =>
      [...annotations].sort((a, b) => a.zOrder - b.zOrder);
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.nat(7), move), { maxLength: 10 }),
        (places, moves) => {
          let shown = sorted(
            places.map((zOrder, index) => ({ ...annotation!, id: `${index}`, zOrder })),
          );
          for (const [pick, kind] of moves) {
            const index = pick % shown.length;
            const expected = ids(shown);
            const [id] = expected.splice(index, 1);
            const last = expected.length;
            const to = { front: last, back: 0, forward: index + 1, backward: index - 1 }[kind];
            expected.splice(Math.min(Math.max(to, 0), last), 0, id!);
            const diff = moveInOrder(shown, id!, kind);
            const records = new Map(shown.map((record) => [record.id, record]));
            shown = sorted(applyDiff(records, diff).values() as Iterable<Annotation>);
            expect(ids(shown)).toEqual(expected);
          }
        },
      ),
    );
  });
});

describe('the colour of a region', () => {
  it('is a shade of its category’s, other than that of its neighbours, or its own, which it keeps', async () => {
    const { regions, document } = (await drawn(12)).editor;
    const colors = () => document.annotations.map((one) => regions.look.colorOf(one));
    const shades = colors();
    expect(shades.slice(0, 5).every((shade, index) => shade === shades[index + 5])).toBe(true);
    expect(new Set(shades).size).toBe(5);
    regions.look.chosen = { ...defaultSettings, colorBy: 'instance' };
    expect(new Set(colors()).size).toBeGreaterThan(1);
    expect(colors()).toEqual(colors());
  });
});
