import { describe, expect, it } from 'vitest';
import { AppError } from '../../../core/errors.ts';
import type { Annotation } from '../../../core/records.ts';
import type { PromptSeat } from '../../../renderer/editor/proposal.ts';
import { proposalLines } from '../../../renderer/canvas/outline-look.ts';
import { settle, TestEditor } from '../../support/test-editor.ts';

async function comparing(): Promise<TestEditor> {
  const test = await TestEditor.open();
  await test.editor.comparison.begin('second');
  return test;
}

const statusOf = ({ editor }: TestEditor, seat: PromptSeat) =>
  editor.comparison.answers[seat]?.status.kind;
const regionsOf = ({ editor }: TestEditor): readonly Annotation[] => editor.document.annotations;
const modelsOf = (test: TestEditor) =>
  regionsOf(test).map(({ provenance }) => provenance.source === 'model' && provenance.model.id);

describe('two models that are compared', () => {
  it('are asked the same one after the other, so that each time is that of the model alone', async () => {
    const test = await comparing();
    test.tool('point').click(10, 10);
    expect(test.bridge.waiting.map(({ input }) => input.of)).toEqual([undefined]);
    expect(statusOf(test, 'other')).toBe('waiting');
    const asked = test.bridge.waiting[0]!.input.request;
    await test.answer([0, 0, 20, 20]);
    expect(test.bridge.waiting[0]!.input).toMatchObject({ of: 'other', request: asked });
    expect(statusOf(test, 'chosen')).toBe('answered');
    await test.answer([0, 0, 30, 30]);
    expect(test.editor.comparison.answers).toMatchObject({
      chosen: { totalMs: 1, proposals: [{ model: { id: 'fake' }, area: 400 }] },
      other: { totalMs: 1, proposals: [{ model: { id: 'second' }, area: 900 }] },
    });
  });

  it('leave the first answer active when the second comes, and Tab shows the other', async () => {
    const test = await comparing();
    test.editor.proposals.askWords('the dog');
    await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
    expect(test.editor.comparison.activeSeat).toBe('chosen');
    test.editor.proposals.walk(1);
    expect(test.editor.comparison.activeSeat).toBe('other');
  });

  it('give one region, of the model whose answer is taken, and both answers go', async () => {
    for (const [seat, model] of [
      ['chosen', 'fake'],
      ['other', 'second'],
    ] as const) {
      const test = await comparing();
      test.editor.proposals.lastName = 'dog';
      test.tool('point').click(10, 10);
      await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
      test.editor.take(seat);
      expect(modelsOf(test)).toEqual([model]);
      expect(test.editor.proposals.active).toBeNull();
      expect(test.editor.comparison.answers).toEqual({ chosen: null, other: null });
    }
  });

  it('give the first answer at once, and the second model is not asked any more', async () => {
    const test = await comparing();
    test.editor.proposals.lastName = 'dog';
    test.tool('point').click(10, 10);
    await test.answer([0, 0, 20, 20]);
    const waiting = test.bridge.waiting[0]!;
    test.editor.take('chosen');
    expect(test.bridge.cancelled).toEqual([waiting.input.requestId]);
    expect(test.editor.proposals.prompts.of(test.editor.document.image!.id)).toEqual([]);
  });

  it('are asked once more with each further mark', async () => {
    const test = await comparing();
    test.tool('point').click(10, 10);
    await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
    test.click(20, 20);
    await test.answer([0, 0, 25, 25]);
    expect(test.bridge.waiting[0]!.input.of).toBe('other');
    expect(test.askedMarks).toHaveLength(2);
    await test.answer([0, 0, 35, 35]);
    expect(test.editor.comparison.answers).toMatchObject({
      chosen: { proposals: [{ area: 625 }] },
      other: { proposals: [{ area: 1225 }] },
    });
  });

  it.each(['chosen', 'other'] as const)(
    'keep the answer of one where the %s one fails',
    async (failing) => {
      const test = await comparing();
      test.tool('point').click(10, 10);
      for (const seat of ['chosen', 'other'] as const) {
        if (seat !== failing) await test.answer([0, 0, 20, 20]);
        else {
          const error = new AppError('unsupported', 'The model cannot segment.');
          test.bridge.waiting.shift()!.fail(error);
          await settle();
        }
      }
      const sound = failing === 'chosen' ? 'other' : 'chosen';
      expect(statusOf(test, failing)).toBe('failed');
      expect(statusOf(test, sound)).toBe('answered');
      expect(test.editor.comparison.activeSeat).toBe(sound);
      expect(test.editor.comparison.canTake(failing)).toBe(false);
    },
  );

  it('accept all proposals of the shown model alone', async () => {
    const test = await comparing();
    test.editor.proposals.askWords('every dog');
    await test.answer([0, 0, 20, 20], [30, 30, 20, 20]);
    await test.answer([0, 0, 22, 22], [30, 30, 22, 22]);
    test.editor.comparison.choose('other');
    test.editor.proposals.acceptAll('dog');
    expect(modelsOf(test)).toEqual(['second', 'second']);
    expect(test.editor.proposals.active).toBeNull();
  });

  it('are drawn in two colours, or the shown one alone', async () => {
    const test = await comparing();
    test.tool('point').click(10, 10);
    await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
    const { comparison } = test.editor;
    const drawn = () => comparison.drawn.map(({ seat }) => seat);
    expect(drawn()).toEqual(['chosen', 'other']);
    expect(comparison.colors.chosen).not.toBe(comparison.colors.other);
    comparison.show('other');
    expect(drawn()).toEqual(['other']);
    test.editor.proposals.walk(1);
    expect(drawn()).toEqual(['chosen']);
    comparison.show('both');
    expect(drawn()).toEqual(['chosen', 'other']);
    const dashes = (isDashed: boolean) =>
      proposalLines('#2f8fff', true, isDashed).filter(({ dash }) => dash).length;
    expect([dashes(false), dashes(true)]).toEqual([0, 1]);
  });

  it('end with Escape once nothing is proposed, and only one is asked again', async () => {
    const test = await comparing();
    test.tool('point').click(10, 10);
    await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
    test.editor.escape();
    expect(test.editor.comparison.activeSeat).toBe('other');
    test.editor.escape();
    expect(test.editor.comparison.modelId).toBe('second');
    test.editor.escape();
    expect(test.editor.comparison.modelId).toBeNull();
    expect(test.bridge.loadedOther).toBeNull();
    test.click(10, 10);
    await test.answer([0, 0, 20, 20]);
    expect(test.bridge.waiting).toEqual([]);
  });

  it('leave the answer of the chosen one when the comparison is stopped', async () => {
    const test = await comparing();
    test.tool('point').click(10, 10);
    await (await test.answer([0, 0, 20, 20])).answer([0, 0, 30, 30]);
    test.editor.comparison.choose('other');
    test.editor.comparison.end();
    expect(test.editor.proposals.active?.model.id).toBe('fake');
    expect(test.editor.comparison.colors.chosen).toBe(test.editor.proposals.color);
  });

  it('are not compared where the second cannot be loaded', async () => {
    const test = await TestEditor.open();
    test.bridge.loadError = new AppError('package-invalid', 'The package is damaged.');
    await expect(test.editor.comparison.begin('second')).rejects.toThrow('damaged');
    expect(test.editor.comparison.modelId).toBeNull();
    test.tool('point').click(10, 10);
    await test.answer([0, 0, 20, 20]);
    expect(test.bridge.waiting).toEqual([]);
  });

  it('end with the project', async () => {
    const test = await comparing();
    test.editor.dispose();
    await settle();
    expect(test.bridge.loadedOther).toBeNull();
  });
});
