import { stepText, stepTexts } from '../../../core/project/step-labels.ts';
import { describe, expect, it } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { makeImage, TestEditor } from '../../support/test-editor.ts';

async function drawn(count: number): Promise<TestEditor> {
  const test = (await TestEditor.open()).tool('rectangle');
  for (let index = 0; index < count; index++) test.drag([index % 50, 0], [(index % 50) + 20, 20]);
  await test.saved();
  await test.editor.history.reload();
  return test;
}

describe('the history', () => {
  it('names each step, newest first, and knows where one is', async () => {
    const { editor } = await drawn(3);
    editor.assign([editor.regions.selected!], 'boat');
    await editor.document.saves.settled();
    await editor.history.reload();
    expect(editor.history.steps.map(({ label }) => stepText(stepTexts, label))).toEqual([
      'Categorise as boat',
      'Draw a region',
      'Draw a region',
      'Draw a region',
    ]);
    await editor.travel('undo');
    await editor.history.reload();
    expect(editor.history.current?.id).toBe(3);
    expect(editor.history.isComplete).toBe(true);
  });

  it('leads back and forward to any step, and to the beginning', async () => {
    const { editor } = await drawn(4);
    const [, , second] = editor.history.steps;
    const all = editor.document.annotations;
    await editor.travelTo(second!);
    expect(editor.document.annotations).toEqual(all.slice(0, 2));
    expect([editor.document.canUndo, editor.document.canRedo]).toEqual([true, true]);
    await editor.travelTo(null);
    expect(editor.document.annotations).toEqual([]);
    expect(editor.document.canUndo).toBe(false);
    await editor.travelTo(editor.history.steps[0]!);
    expect(editor.document.annotations).toEqual(all);
  });

  it('changes with each step, not by the opening of the project', async () => {
    const test = await TestEditor.open();
    expect(test.editor.document.revision).toBe(0);
    const other = addition(makeImage());
    await test.bridge.call('journal.apply', { label: 'Import', diff: other });
    await test.editor.reload();
    expect(test.editor.document.revision).toBe(1);
  });

  it('reads long journals in pages', async () => {
    const { editor } = await drawn(130);
    expect([editor.history.steps.length, editor.history.isComplete]).toEqual([100, false]);
    await editor.history.loadMore();
    expect([editor.history.steps.length, editor.history.isComplete]).toEqual([130, true]);
  });

  it('shows another image when the shown one did not exist yet', async () => {
    const [first, second] = [makeImage(), makeImage()];
    const test = await TestEditor.open(first);
    await test.bridge.call('journal.apply', { label: 'Import', diff: addition(second) });
    await test.editor.reload();
    await test.editor.opened.show(second.id);
    await test.editor.travelTo(null);
    expect(test.editor.document.image?.id).toBe(first.id);
  });
});
