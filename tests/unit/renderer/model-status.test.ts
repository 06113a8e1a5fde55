import { describe, expect, it } from 'vitest';
import type { EngineStatus } from '../../../app/api/contract/models.ts';
import { modelStatus } from '../../../renderer/model-status.ts';
import { TestEditor } from '../../support/test-editor.ts';

const ready = { state: 'ready', modelId: 'fake', tasks: ['segment'] } as unknown as EngineStatus;
const of = (engine: EngineStatus, { editor }: TestEditor) => {
  const { image } = editor.document;
  const prompts = image ? editor.proposals.prompts.of(image.id) : [];
  return modelStatus({
    engine,
    models: 1,
    image: image && { encodeState: editor.opened.encodeState, prompts },
  });
};

describe('the status of the model', () => {
  it('follows the engine before anything that is said of the image', async () => {
    const test = await TestEditor.open();
    test.editor.opened.encodeState = 'ready';
    expect(of({ state: 'stopped' }, test)).toBe('stopped');
    expect(of({ state: 'starting', modelId: 'fake' } as EngineStatus, test)).toBe('starting');
    const measuring = { state: 'starting', modelId: 'fake', measures: true } as const;
    expect(of(measuring, test)).toBe('measuring');
    expect(of({ state: 'failed' } as EngineStatus, test)).toBe('failed');
    expect(of(ready, test)).toBe('ready');
    expect(modelStatus({ engine: { state: 'stopped' }, models: 0, image: null })).toBe('none');
  });

  it('says what is waited for on the shown image, and nothing of others', async () => {
    const test = await TestEditor.open();
    test.editor.opened.encodeState = 'encoding';
    expect(of(ready, test)).toBe('looking');
    test.tool('box').drag([10, 10], [40, 40]);
    expect(of(ready, test)).toBe('answering');
    await test.answer([10, 10, 30, 30]);
    test.editor.opened.encodeState = 'ready';
    expect(of(ready, test)).toBe('ready');
    test.editor.opened.encodeState = 'failed';
    expect(of(ready, test)).toBe('imageFailed');
  });
});
