import { expect, test } from 'vitest';
import { Studio } from '../../../renderer/studio.svelte.ts';
import { FakeBridge } from '../../support/fake-bridge.ts';
import { makeImage } from '../../support/test-editor.ts';

test('opening a project reads its settings once, before any region can be edited', async () => {
  const bridge = new FakeBridge([makeImage()]);
  bridge.settings = { modelId: 'gone', lockedIds: ['locked'] };
  const studio = new Studio(bridge);
  expect(await studio.openProject('/photos/test.pixelsail')).toBe(true);
  expect(bridge.called.filter((name) => name === 'project.settings')).toHaveLength(1);
  expect(bridge.called.indexOf('project.settings')).toBeLessThan(
    bridge.called.indexOf('images.document'),
  );
  expect(studio.editor!.regions.lockedIds).toEqual(new Set(['locked']));
  // The project's own model is not installed, which is said.
  await expect.poll(() => studio.notices.map(({ message }) => message)).toHaveLength(1);
});
