import { describe, expect, it } from 'vitest';
import { TestEditor } from '../../support/test-editor.ts';

/**
 * A region of 20 by 20 pixels that is selected, and a proposal of 20 by 20 that covers its right
 * half.
 */
async function overlapping(): Promise<TestEditor> {
  const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [20, 20]);
  await test.tool('box').drag([10, 0], [30, 20]).answer([10, 0, 20, 20]);
  return test;
}

describe('a proposal and the selected region', () => {
  it.each([
    ['union', [0, 0, 30, 20], 600, 'person'],
    ['subtract', [0, 0, 10, 20], 200, 'person'],
    ['replace', [10, 0, 20, 20], 400, 'model'],
  ] as const)('are used to %s as one step', async (how, bbox, area, source) => {
    const test = await overlapping();
    const { editor } = test;
    editor.proposals.use(editor.proposals.active!, how);
    await test.saved();
    expect(editor.document.annotations).toMatchObject([{ bbox, area, provenance: { source } }]);
    expect(editor.proposals.active).toBeNull();
    await editor.travel('undo');
    expect(editor.document.annotations).toMatchObject([{ bbox: [0, 0, 20, 20], area: 400 }]);
  });

  it('are left as they are when nothing of the region would be left', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [20, 20]);
    await test.tool('box').drag([0, 0], [30, 30]).answer([0, 0, 30, 30]);
    const { editor } = test;
    editor.proposals.use(editor.proposals.active!, 'subtract');
    expect(test.failures).toHaveLength(1);
    expect(editor.proposals.active).not.toBeNull();
    expect(editor.document.annotations).toMatchObject([{ area: 400 }]);
  });

  it('are left as they are when the region is locked', async () => {
    const test = await overlapping();
    const { editor } = test;
    editor.regions.toggleLocked();
    editor.proposals.use(editor.proposals.active!, 'union');
    expect(test.failures).toHaveLength(1);
    expect(editor.proposals.active).not.toBeNull();
  });
});

describe('asking again what was asked before', () => {
  it('asks the same of each region, and its answer is only a proposal', async () => {
    const test = await overlapping();
    const { editor, bridge } = test;
    const { request } = editor.proposals.active!;
    if (request.task !== 'segment') throw new Error('A mask was asked for.');
    editor.proposals.accept(editor.proposals.active!, 'boat');
    const { id, imageId } = editor.regions.selected!;
    editor.proposals.prompts.repeat(imageId, request);
    expect(bridge.waiting.map(({ input }) => input.request)).toEqual([request]);
    await test.answer([12, 0, 10, 10]);
    expect(editor.proposals.active?.bbox).toEqual([12, 0, 10, 10]);
    expect(editor.document.annotations.find((one) => one.id === id)?.bbox).toEqual([10, 0, 20, 20]);
    editor.proposals.use(editor.proposals.active!, 'replace');
    expect(editor.document.annotations.find((one) => one.id === id)?.bbox).toEqual([12, 0, 10, 10]);
  });
});
