import { expect, onTestFinished, test, vi } from 'vitest';
import { addition } from '../../../core/diff.ts';
import { toErrorEnvelope } from '../../../core/errors.ts';
import { rowProblem } from '../../../core/formats/coco/sentences.ts';
import { datasetProblem } from '../../../core/formats/sentences.ts';
import type { DeviceReport } from '../../../core/prompt.ts';
import { speak, text } from '../../../renderer/i18n/text.svelte.ts';
import { defaultProjectSettings } from '../../../core/project-settings.ts';
import { Studio } from '../../../renderer/studio.svelte.ts';
import type { InstalledModel } from '../../../app/api/contract/models.ts';
import { modelListFailure } from '../../../app/features/models/sentences.ts';
import { FakeBridge } from '../../support/fake-bridge.ts';
import { makeCategory, makeImage } from '../../support/test-editor.ts';
import { checkFailure } from '../../../db/check-sentences.ts';
import { projectFileFailure } from '../../../db/project-file-sentences.ts';

test('opening a project reads its settings once, before any region can be edited', async () => {
  const bridge = new FakeBridge([makeImage()]);
  bridge.settings = {
    ...defaultProjectSettings,
    modelId: 'gone',
    lockedIds: ['locked'],
  };
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

test('a server that a project chose is named, and asked after the person has allowed it', async () => {
  const bridge = new FakeBridge([makeImage()]);
  bridge.settings = { ...defaultProjectSettings, wordsModelId: 'talker' };
  const parts = {
    project: 'Test',
    title: 'Talker',
    origin: 'http://192.0.2.1',
    isEncrypted: false,
  };
  bridge.projectModelError = modelListFailure('permission-denied', 'serverOfProject', parts);
  const studio = new Studio(bridge);
  studio.models = [{ id: 'talker', title: 'Talker' } as InstalledModel];
  await studio.openProject('/photos/test.pixelsail');
  const asked = () => studio.notices.find(({ message }) => message.includes('http://192.0.2.1'));
  await expect.poll(asked).toBeTruthy();
  expect(bridge.wordsChoices).toEqual([]);
  expect(asked()!.action!.label).toBe('Allow for this project');
  asked()!.action!.run();
  const choice = { modelId: 'talker', isOfProject: true, isConfirmed: true };
  await expect.poll(() => bridge.wordsChoices).toEqual([choice]);
});

test('a person who chooses the model for words allows no server of the model for masks', async () => {
  const bridge = new FakeBridge([makeImage()]);
  bridge.settings = { ...defaultProjectSettings, modelId: 'stranger' };
  const studio = new Studio(bridge);
  studio.models = ['stranger', 'talker'].map((id) => ({ id, title: id }) as InstalledModel);
  const loaded: unknown[] = [];
  const call = bridge.call.bind(bridge);
  vi.spyOn(bridge, 'call').mockImplementation((name, input) => {
    if (name !== 'models.load') return call(name, input);
    loaded.push(input);
    return Promise.reject(new Error('not allowed'));
  });
  await studio.openProject('/photos/test.pixelsail');
  await studio.chooseWordsModelOfProject('talker');
  await expect.poll(() => bridge.wordsChoices).toMatchObject([{ isConfirmed: true }]);
  const unconfirmed = { modelId: 'stranger', isOfProject: true, isConfirmed: false };
  await expect.poll(() => loaded).toMatchObject([unconfirmed, unconfirmed]);
});

test('what an import left out or doubts, and what a check found, is said in the language of the interface', async () => {
  const bridge = new FakeBridge([makeImage()]);
  const studio = new Studio(bridge);
  speak('zh-CN', []);
  onTestFinished(() => void speak('en', []));
  const note = (what: string, problem: Error) => ({
    what,
    reason: problem.message,
    error: toErrorEnvelope(problem),
  });
  const result = {
    kind: 'import' as const,
    images: 1,
    annotations: 2,
    categories: 0,
    skipped: [note('images[2] (id 3)', datasetProblem('rowImageUnknown', { found: '"b.jpg"' }))],
    warnings: [note('annotations[0] (id 0)', rowProblem('rowIdMissing', {}))],
  };
  bridge.emit('job:end', {
    ...{ jobId: 'one', kind: 'import-dataset', title: { en: 'COCO', 'zh-CN': 'COCO' } },
    end: { outcome: 'done', result },
  });
  studio.notices[0]!.action!.run();
  expect(studio.importReport).toMatchObject({
    skipped: [{ what: 'images[2] (id 3)', reason: '项目中没有文件名为 "b.jpg" 的图像' }],
    warnings: [{ what: 'annotations[0] (id 0)', reason: '它没有 id；予以保留' }],
  });

  bridge.problems = [toErrorEnvelope(checkFailure('database-corrupt', 'checkBox', { id: 'a7' }))];
  await studio.check();
  expect(studio.notices.at(-1)!.message).toBe('项目文件有问题：空间索引中标注 a7 的框不对。');
});

test('a dialog whose work ends late leaves the one that was opened meanwhile', () => {
  const studio = new Studio(new FakeBridge([makeImage()]));
  studio.dialog = 'models';
  studio.closeDialog('create-project');
  expect(studio.dialog).toBe('models');
  studio.closeDialog('models');
  expect(studio.dialog).toBeNull();
});

test('a project that can be seen has no dialog over it, which would swallow its keys', async () => {
  const bridge = new FakeBridge([makeImage()]);
  const studio = new Studio(bridge);
  studio.dialog = 'create-project';
  let dialogWhileReading: unknown = 'nothing was read';
  const call = bridge.call.bind(bridge);
  vi.spyOn(bridge, 'call').mockImplementation((name, input) => {
    if (name === 'project.settings') dialogWhileReading = studio.dialog;
    return call(name, input);
  });
  await studio.openProject('/photos/test.pixelsail');
  expect(dialogWhileReading).toBeNull();
});

test('a change whose project file is gone is offered to be saved elsewhere, and is saved there', async () => {
  const image = makeImage();
  const bridge = new FakeBridge([image]);
  const studio = new Studio(bridge);
  await studio.openProject('/photos/test.pixelsail');
  const { editor } = studio;
  bridge.applyError = projectFileFailure('project-displaced', 'projectGone', {
    file: bridge.summary.file,
  });
  const category = makeCategory('boat');
  editor!.commit('Add a category', addition(category));
  const offer = await vi.waitFor(() => {
    const { action } = studio.notices.find(({ message }) =>
      message.includes('is missing: it was moved'),
    )!;
    return action!;
  });
  expect(offer.label).toBe('Save the project elsewhere…');
  offer.run();
  expect(studio.dialog).toBe('save-as');
  expect(await studio.saveProjectAs('/elsewhere/new.pixelsail')).toBe(true);
  expect(studio.dialog).toBeNull();
  expect(studio.editor!.project.file).toBe('/elsewhere/new.pixelsail');
  expect(studio.editor!.document.saves.state).toEqual({ kind: 'saved' });
  expect(bridge.records.get(category.id)).toEqual(category);
});

/** Two windows on one project, whose file is gone; the first has a change that is not saved. */
async function windowsOnLostProject() {
  const bridge = new FakeBridge([makeImage()]);
  const [studio, other] = [new Studio(bridge), new Studio(bridge)];
  const { file } = bridge.summary;
  for (const window of [studio, other]) await window.openProject(file);
  bridge.applyError = projectFileFailure('project-displaced', 'projectGone', { file });
  const category = makeCategory('boat');
  studio.editor!.commit('Add a category', addition(category));
  await expect.poll(() => studio.editor!.document.saves.state.kind).toBe('failed');
  return { bridge, studio, other, category };
}

test('a change that could not be saved is saved where another window saves the project elsewhere', async () => {
  const { bridge, studio, other, category } = await windowsOnLostProject();
  expect(await other.saveProjectAs('/elsewhere/new.pixelsail')).toBe(true);
  await expect.poll(() => studio.editor!.document.saves.state.kind).toBe('saved');
  expect(studio.editor!.project.file).toBe('/elsewhere/new.pixelsail');
  expect(bridge.records.get(category.id)).toEqual(category);
});

test('a change that could not be saved is said to be gone where another window opens another project', async () => {
  const { bridge, studio } = await windowsOnLostProject();
  bridge.emit('project:changed', {
    summary: { ...bridge.summary, file: '/elsewhere/other.pixelsail' },
  });
  await expect.poll(() => studio.editor!.project.file).toBe('/elsewhere/other.pixelsail');
  expect(studio.notices.map(({ message }) => message)).toContain(
    text.notices.changesLost(1, bridge.summary.name),
  );
});

test('a change that fails for another reason stays to be tried again, without such an offer', async () => {
  const bridge = new FakeBridge([makeImage()]);
  const studio = new Studio(bridge);
  await studio.openProject('/photos/test.pixelsail');
  bridge.applyError = projectFileFailure('disk-full', 'projectFileFailed', {
    file: bridge.summary.file,
    advice: 'free-space',
    reason: 'full',
  });
  studio.editor!.commit('Add a category', addition(makeCategory('boat')));
  await expect.poll(() => studio.editor!.document.saves.state.kind).toBe('failed');
  expect(studio.notices.filter(({ action }) => action)).toEqual([]);
});

test('of a project that is refused as damaged, what can be read is offered as a new one, with what cannot', async () => {
  const bridge = new FakeBridge([makeImage()]);
  bridge.rescueReport = {
    ...{ images: 1, annotations: 2, categories: 0 },
    skipped: [{ what: 'annotation a7', reason: 'its bbox: expected number' }],
  };
  const studio = new Studio(bridge);
  const file = '/photos/test.pixelsail';
  bridge.openError = projectFileFailure('database-corrupt', 'projectSchemaForeign', {
    file,
    name: 'table t',
  });
  expect(await studio.openProject(file)).toBe(false);
  studio.notices[0]!.action!.run();
  await expect.poll(() => studio.editor?.document.image).toBeTruthy();
  const said = studio.notices.find(({ message }) => message.includes('annotation a7'));
  said!.action!.run();
  expect(studio.importReport).toEqual(bridge.rescueReport);
});

test('a file that is no project is not offered to be rescued', async () => {
  const bridge = new FakeBridge([makeImage()]);
  const studio = new Studio(bridge);
  bridge.openError = projectFileFailure('database-corrupt', 'projectForeign', {
    file: '/photo.jpg',
  });
  await studio.openProject('/photo.jpg');
  expect(studio.notices).toMatchObject([{ kind: 'failure' }]);
  expect(studio.notices[0]!.action).toBeUndefined();
});

test('a task that the loaded model cannot do is not offered, and the reason is said', async () => {
  const bridge = new FakeBridge([makeImage()]);
  const studio = new Studio(bridge);
  await studio.openProject('/photos/test.pixelsail');
  expect(studio.reasonAgainst('ask')).toBeNull();
  const device = {
    requested: 'cpu',
    used: 'cpu',
    name: 'made up',
    selfTestMs: 1,
    threads: 1,
    fallbacks: [],
  } satisfies DeviceReport;
  bridge.emit('engine:status', {
    state: 'ready',
    modelId: 'lamp',
    hash: 'f'.repeat(64),
    tasks: ['segment'],
    device,
  });
  expect(studio.reasonAgainst('segment')).toBeNull();
  expect(studio.reasonAgainst('ask')).toBe(
    'lamp cannot answer questions. Load another model for that.',
  );
});
