import { describe, expect, it, vi } from 'vitest';
import { addition, applyDiff, removal, replacement, type Diff } from '../../../core/diff.ts';
import { AppError } from '../../../core/errors.ts';
import type { Box } from '../../../core/geometry/shapes.ts';
import type { Annotation, Geometry, ImageRecord, ImageState } from '../../../core/records.ts';
import { english as text } from '../../../renderer/i18n/en.ts';
import { answerWithBoxes } from '../../support/fake-bridge.ts';
import {
  drawnRegion,
  makeCategory,
  makeImage,
  settle,
  TestEditor,
} from '../../support/test-editor.ts';
import { backendFailure } from '../../../app/api/sentences.ts';

describe('accepting a proposal', () => {
  it('makes one change of the annotation and its new category, and says nothing of the image', async () => {
    const test = await (
      await TestEditor.open()
    )
      .tool('box')
      .drag([10, 10], [40, 40])
      .answer([10, 10, 30, 30]);
    test.editor.proposals.accept(test.editor.proposals.active!, 'boat');
    await test.saved();

    expect(test.bridge.applied).toHaveLength(1);
    const { added, updated } = test.bridge.applied[0]!.diff;
    expect(
      Object.values(added)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['annotation', 'category']);
    expect(updated).toEqual({});
    expect(test.editor.document.image?.state).toBe('untouched');
    expect(test.editor.regions.selected).toMatchObject({
      bbox: [10, 10, 30, 30],
      area: 900,
      provenance: {
        source: 'model',
        accepted: true,
        model: { id: 'fake' },
        request: {
          task: 'segment',
          regions: [{ marks: [{ kind: 'box', box: [10, 10, 30, 30] }] }],
        },
      },
    });
    expect(test.editor.proposals.active).toBeNull();
  });

  it('uses a category that exists, whatever the case of its letters', async () => {
    const category = makeCategory('Boat');
    const test = await TestEditor.open(makeImage(), category);
    await test.tool('box').drag([10, 10], [40, 40]).answer([10, 10, 30, 30]);
    test.editor.proposals.accept(test.editor.proposals.active!, ' boat ');
    expect(test.editor.regions.selected?.categoryId).toBe(category.id);
    expect(test.editor.document.categories).toEqual([category]);
  });

  it('asks for a category with the first Enter and then remembers it', async () => {
    const test = await (
      await TestEditor.open()
    )
      .tool('box')
      .drag([10, 10], [40, 40])
      .answer([10, 10, 30, 30]);
    let focused = 0;
    test.editor.categoryField.attach({ focus: () => void focused++ });
    test.editor.finish();
    expect([focused, test.editor.document.annotations.length]).toEqual([1, 0]);
    test.editor.proposals.accept(test.editor.proposals.active!, 'boat');

    await test.drag([50, 10], [80, 40]).answer([50, 10, 30, 30]);
    test.editor.finish();
    expect(test.editor.document.annotations).toHaveLength(2);
    expect(test.editor.document.categories).toHaveLength(1);
  });

  it('suggests the category that the typed words name, and keeps the words as a referring expression', async () => {
    const test = await TestEditor.open(makeImage(), makeCategory('dog'));
    test.editor.proposals.askWords('the dog on the left');
    await test.answer([0, 0, 10, 10]);
    expect(test.editor.proposals.name).toBe('dog');
    test.editor.finish();
    const { document, regions } = test.editor;
    expect(document.items).toMatchObject([
      {
        task: 'referring',
        content: { question: 'the dog on the left' },
        segments: [{ annotationId: regions.selected!.id, role: 'target' }],
      },
    ]);
  });

  it('accepts all masks of one text prompt as separate steps', async () => {
    const test = await TestEditor.open(makeImage(), makeCategory('dog'));
    test.editor.proposals.askWords('every dog');
    await test.answer([0, 0, 10, 10], [20, 20, 10, 10], [40, 40, 10, 10]);
    test.editor.proposals.acceptAll('dog');
    await test.saved();
    expect(test.editor.document.annotations).toHaveLength(3);
    expect(test.bridge.applied).toHaveLength(3);
  });
});

describe('proposals', () => {
  it('are walked in a circle', async () => {
    const test = await TestEditor.open();
    test.editor.proposals.askWords('dogs');
    await test.answer([0, 0, 10, 10], [20, 20, 10, 10]);
    const first = test.editor.proposals.active;
    test.editor.proposals.walk(1);
    expect(test.editor.proposals.active).not.toBe(first);
    test.editor.proposals.walk(1);
    expect(test.editor.proposals.active).toBe(first);
  });

  it('of one prompt are walked mask by mask, and what is shown is accepted', async () => {
    const test = (await TestEditor.open(makeImage(), makeCategory('dog')))
      .tool('point')
      .click(10, 10);
    const size = test.editor.document.image!;
    const [best, whole, part] = answerWithBoxes(
      size,
      [5, 5, 20, 20],
      [0, 0, 40, 40],
      [8, 8, 4, 4],
    ).masks;
    const { waiting } = test.bridge;
    const answer = { text: '', masks: [{ ...best!, candidates: [whole!, part!] }], choice: null };
    waiting.shift()!.answer(answer);
    await settle();
    const boxes = [0, 1, 2, 3].map(() => {
      const { bbox } = test.editor.proposals.active!;
      test.editor.proposals.walk(1);
      return bbox;
    });
    expect(boxes).toEqual([best!.bbox, whole!.bbox, part!.bbox, best!.bbox]);
    expect(test.editor.proposals.active!.bbox).toEqual(whole!.bbox);
    test.editor.proposals.accept(test.editor.proposals.active!, 'dog');
    await test.saved();
    expect(test.editor.document.annotations[0]!.geometry).toMatchObject({ rle: whole!.rle });
  });

  it('show their best mask again when another proposal is walked to', async () => {
    const test = await TestEditor.open();
    test.editor.proposals.askWords('dogs');
    const size = test.editor.document.image!;
    const [one, other, part] = answerWithBoxes(
      size,
      [0, 0, 9, 9],
      [20, 20, 9, 9],
      [2, 2, 3, 3],
    ).masks;
    const masks = [{ ...one!, candidates: [part!] }, other!];
    test.bridge.waiting.shift()!.answer({ text: '', masks, choice: null });
    await settle();
    const walked = (step: 1 | -1) => {
      test.editor.proposals.walk(step);
      return test.editor.proposals.active!.bbox;
    };
    expect([walked(1), walked(1), walked(1)]).toEqual([part!.bbox, other!.bbox, one!.bbox]);
    expect([walked(-1), walked(-1), walked(-1)]).toEqual([other!.bbox, part!.bbox, one!.bbox]);
  });

  it('land on the image they were asked about when it is no longer shown', async () => {
    const [first, second] = [makeImage(), makeImage()];
    const test = await TestEditor.open(first, second);
    test.tool('point').click(10, 10);
    await test.editor.opened.step(1);
    await test.answer([0, 0, 10, 10]);
    expect(test.editor.document.image?.id).toBe(second.id);
    expect(test.editor.proposals.active).toBeNull();
    await test.editor.opened.step(-1);
    expect(test.editor.proposals.active).not.toBeNull();
  });

  it('of a refined prompt replace the earlier ones, whichever answer comes last', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 10).click(20, 20);
    const [earlier, later] = test.bridge.waiting.splice(0);
    test.bridge.waiting.push(later!, earlier!);
    await test.answer([0, 0, 20, 20]);
    await test.answer([50, 50, 5, 5]);
    const proposals = test.editor.proposals.prompts.proposals(test.editor.document.image!.id);
    expect(proposals.map(({ bbox }) => bbox)).toEqual([[0, 0, 20, 20]]);
    expect(test.bridge.cancelled).toEqual([earlier!.input.requestId]);
  });

  it('that were rejected do not come back with a late answer', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 10);
    test.editor.escape();
    await test.answer([0, 0, 20, 20]);
    expect(test.editor.proposals.active).toBeNull();
  });

  it('leave out empty masks and say that nothing was found', async () => {
    const test = await (await TestEditor.open()).tool('point').click(10, 10).answer();
    const [prompt] = test.editor.proposals.prompts.of(test.editor.document.image!.id);
    expect(prompt?.status).toEqual({ kind: 'nothing-found', text: 'There is nothing.' });
  });

  it('of gestures made while the model still looks at the image are waited for and come in turn', async () => {
    const test = await TestEditor.open();
    const { editor, bridge } = test;
    editor.opened.encodeState = 'encoding';
    test.tool('box').drag([0, 0], [20, 20]).drag([40, 40], [60, 60], { shift: true });
    editor.proposals.askWords('the boat');
    const imageId = editor.document.image!.id;
    const waiting = () => editor.proposals.prompts.of(imageId).map(({ status }) => status.kind);
    expect(waiting()).toEqual(bridge.waiting.map(() => 'waiting'));
    const asked = bridge.waiting.length;
    expect(asked).toBe(3);
    for (let answer = 0; answer < asked; answer++) await test.answer([answer, 0, 10, 10]);
    expect(waiting()).toEqual(Array.from({ length: asked }, () => 'answered'));
    expect(editor.proposals.prompts.proposals(imageId)).toHaveLength(asked);
  });

  it('show the model stage while they are waited for', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 10);
    const { requestId, imageId } = test.bridge.waiting[0]!.input;
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'encode' });
    expect(test.editor.proposals.prompts.of(imageId)[0]?.status).toMatchObject({ stage: 'encode' });
  });

  it('are drawn as a draft until the answer takes its place, while the status stays one', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 10);
    const { requestId, imageId } = test.bridge.waiting[0]!.input;
    const shown = () => test.editor.proposals.prompts.of(imageId)[0]!;
    const draft = {
      rle: { size: [60, 80] as [number, number], counts: '' },
      area: 1,
      bbox: [1, 2, 3, 4] as Box,
      score: 0,
    };
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'mask', draft });
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'encode' });
    expect(shown()).toMatchObject({ status: { kind: 'waiting' }, draft, proposals: [] });
    expect(test.editor.proposals.active).toBeNull();
    await test.answer([0, 0, 10, 10]);
    expect(shown()).toMatchObject({ status: { kind: 'answered' }, draft: null });
    expect(shown().proposals).toHaveLength(1);
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'mask', draft });
    expect(shown().draft, 'late').toBeNull();
  });

  it('keep the question when the model fails, to ask it again', async () => {
    const test = (await TestEditor.open()).tool('point').click(10, 10);
    test.bridge.waiting.shift()!.fail(new AppError('engine-lost', 'The engine stopped.'));
    await settle();
    const [prompt] = test.editor.proposals.prompts.of(test.editor.document.image!.id);
    expect(prompt?.status).toMatchObject({
      kind: 'failed',
      error: { message: 'The engine stopped.' },
    });
    test.editor.proposals.prompts.askAgain(prompt!);
    await test.answer([0, 0, 10, 10]);
    expect(test.editor.proposals.active).not.toBeNull();
  });
});

describe('undo and redo', () => {
  it('have no step where nothing was changed: the same category, a move back to the same place', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([10, 10], [40, 40]);
    test.editor.assign(test.editor.regions.selection, 'boat');
    await test.saved();
    const steps = test.bridge.applied.length;
    test.editor.assign(test.editor.regions.selection, 'boat');
    test.editor.edits.move([0, 0]);
    await test.saved();
    expect(test.bridge.applied).toHaveLength(steps);
  });

  it('take back and repeat steps of the journal, and show them', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    const drawn = test.editor.document.annotations;
    await test.editor.travel('undo');
    expect(test.editor.document.annotations).toEqual([]);
    expect(test.editor.regions.selected).toBeNull();
    expect(test.editor.document.canRedo).toBe(true);
    await test.editor.travel('redo');
    expect(test.editor.document.annotations).toEqual(drawn);
  });

  it('go to the image that the step belongs to', async () => {
    const [first, second] = [makeImage(), makeImage()];
    const test = (await TestEditor.open(first, second)).tool('rectangle').drag([0, 0], [60, 60]);
    await test.editor.opened.step(1);
    expect(test.editor.document.image?.id).toBe(second.id);
    await test.editor.travel('undo');
    expect(test.editor.document.image).toMatchObject({ id: first.id, state: 'untouched' });
    expect(test.editor.document.annotations).toEqual([]);
  });

  it('leave alone what is being drawn while the button is held', async () => {
    const test = (await TestEditor.open())
      .tool('rectangle')
      .drag([0, 0], [60, 60])
      .down(1, 1)
      .move(9, 9);
    await test.editor.travel('undo');
    expect(test.editor.document.annotations).toHaveLength(1);
    expect(test.editor.tools.draft).toEqual({ kind: 'box', box: [1, 1, 8, 8] });
    test.up();
    expect(test.editor.document.annotations).toHaveLength(2);
  });

  it('go from any end of a session to the other and back', async () => {
    const test = (await TestEditor.open()).tool('rectangle');
    test.drag([0, 0], [20, 20]).drag([30, 30], [50, 50]);
    test.editor.assign([test.editor.regions.selected!], 'boat');
    test.editor.remove(test.editor.document.annotations[0]!);
    await test.saved();
    const end = [...test.bridge.records];
    for (let step = 0; step < 4; step++) await test.editor.travel('undo');
    expect(test.editor.document.annotations).toEqual([]);
    expect(test.editor.document.categories).toEqual([]);
    for (let step = 0; step < 4; step++) await test.editor.travel('redo');
    expect(new Map(test.bridge.records)).toEqual(new Map(end));
    expect(test.editor.document.annotations).toHaveLength(1);
  });
});

describe('going through images', () => {
  it('goes as many images on as was asked for, however quickly', async () => {
    const images = [makeImage(), makeImage(), makeImage()];
    const { editor } = await TestEditor.open(...images);
    await Promise.all([editor.opened.step(1), editor.opened.step(1)]);
    expect(editor.document.image?.id).toBe(images[2]!.id);
  });

  it('shows the image that was asked for, also where the list is read again meanwhile', async () => {
    const [first, second] = [makeImage(), makeImage()];
    const { editor, bridge } = await TestEditor.open(first, second);
    editor.document.forget(first.id);
    const call = bridge.call.bind(bridge);
    const reading = Promise.withResolvers<null>();
    vi.spyOn(bridge, 'call').mockImplementation(async (name, input) => {
      if (name === 'images.document') await reading.promise;
      return call(name, input);
    });
    const shown = editor.opened.show(second.id);
    await Promise.race([editor.opened.reloadList(), settle()]);
    reading.resolve(null);
    await shown;
    await settle();
    expect(editor.document.image?.id).toBe(second.id);
  });

  it('has the model look at the next image when it is ready for the shown one', async () => {
    const [first, second, third] = [makeImage(), makeImage(), makeImage()];
    const test = await TestEditor.open(first, second, third);
    await settle();
    expect(test.bridge.prepared).toEqual([first.id, second.id]);
    await test.editor.opened.step(1);
    await settle();
    expect(test.bridge.prepared).toEqual([first.id, second.id, second.id, third.id]);
  });

  it('does not have it look ahead at an image that takes most of the memory', async () => {
    const [first, huge] = [makeImage(), makeImage({ width: 30_000, height: 20_000 })];
    const test = await TestEditor.open(first, huge);
    await settle();
    expect(test.bridge.prepared).toEqual([first.id]);
  });

  it('goes on from an image that the filter leaves out', async () => {
    const states = ['untouched', 'done', 'done', 'untouched'] as const;
    const images = states.map((state) => makeImage({ state }));
    const test = await TestEditor.open(...images);
    await test.editor.opened.show(images[1]!.id);
    await test.editor.images.setFilter({ state: 'untouched' });
    await test.editor.opened.step(1);
    expect(test.editor.document.image?.id).toBe(images[3]!.id);
    await test.editor.opened.show(images[2]!.id);
    await test.editor.opened.step(-1);
    expect(test.editor.document.image?.id).toBe(images[0]!.id);
  });
});

describe('saving', () => {
  it('keeps failed changes in order and saves them when tried again', async () => {
    const test = (await TestEditor.open()).tool('rectangle');
    test.bridge.applyError = new AppError('disk-full', 'The disk is full.');
    await test.drag([0, 0], [20, 20]).saved();
    test.drag([30, 30], [50, 50]);
    expect(test.editor.document.saves.state).toMatchObject({ kind: 'failed', waiting: 2 });
    expect(test.editor.document.annotations).toHaveLength(2);

    test.bridge.applyError = null;
    test.editor.document.saves.retry();
    await test.saved();
    expect(test.editor.document.saves.state).toEqual({ kind: 'saved' });
    expect(test.bridge.applied.map(({ diff }) => Object.values(diff.added)[0])).toMatchObject([
      { bbox: [0, 0, 20, 20] },
      { bbox: [30, 30, 20, 20] },
    ]);
  });

  it('shows what is stored after unsaved changes were dropped', async () => {
    const test = (await TestEditor.open()).tool('rectangle');
    test.bridge.applyError = new AppError('disk-full', 'The disk is full.');
    await test.drag([0, 0], [20, 20]).saved();
    await test.editor.dropUnsaved();
    expect(test.editor.document.annotations).toEqual([]);
    expect(test.editor.document.saves.state).toEqual({ kind: 'saved' });
  });

  it.each(['before', 'after'])(
    'sends a change again whose backend died %s storing it',
    async (when) => {
      const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [20, 20]);
      await test.saved();
      const call = test.bridge.call.bind(test.bridge);
      vi.spyOn(test.bridge, 'call').mockImplementationOnce(async (name, input) => {
        if (when === 'after') await call(name, input);
        throw backendFailure('backend-lost', 'backendLost', {});
      });
      const { editor } = test;
      editor.remove(...editor.document.annotations);
      await test.saved();
      expect(editor.document.saves.state).toEqual({ kind: 'saved' });
      expect(test.bridge.applied).toHaveLength(2);
      expect(editor.document.annotations).toEqual([]);
      expect(test.failures).toEqual([]);
    },
  );

  it('waits for the person where the backend dies over a change again and again', async () => {
    const test = await TestEditor.open();
    test.bridge.applyError = backendFailure('backend-lost', 'backendLost', {});
    test.tool('rectangle').drag([0, 0], [20, 20]);
    await test.saved();
    expect(test.editor.document.saves.state).toMatchObject({ kind: 'failed', waiting: 1 });
  });

  it('does not leave an image while its changes are not saved', async () => {
    const test = (await TestEditor.open(makeImage(), makeImage())).tool('rectangle');
    const shown = test.editor.document.image!.id;
    test.bridge.applyError = new AppError('disk-full', 'The disk is full.');
    await test.drag([0, 0], [20, 20]).saved();
    await test.editor.opened.step(1);
    expect(test.editor.document.image?.id).toBe(shown);
    expect(test.failures).toEqual(['The disk is full.']);
  });
});

describe('beside another window', () => {
  const square: Geometry = { kind: 'box', box: [10, 10, 20, 20] };

  /** An image with one region, and what another window makes of the region. */
  async function openShared() {
    const image = makeImage();
    const region = drawnRegion(image, square, 0);
    const test = await TestEditor.open(image, region);
    const changed: Annotation = { ...region, zOrder: 7 };
    const elsewhere = (diff: Diff) => {
      test.bridge.records = applyDiff(test.bridge.records, diff);
      return diff;
    };
    return { test, image, region, changed, elsewhere };
  }

  it('shows what the other one does as it does it', async () => {
    const { test, image, region, changed, elsewhere } = await openShared();
    const another = drawnRegion(image, square, 9);
    test.bridge.emit('journal:changed', {
      window: 'other',
      diff: elsewhere(replacement(region, changed)),
    });
    test.bridge.emit('journal:changed', { window: 'other', diff: elsewhere(addition(another)) });
    expect(test.editor.document.annotations).toEqual([changed, another]);
    expect(test.editor.images.row(0)).toMatchObject({ annotations: 2 });
    test.bridge.emit('journal:changed', {
      window: 'other',
      diff: elsewhere(removal(changed, another)),
    });
    expect(test.editor.document.annotations).toEqual([]);
  });

  it('reads again what is shown where the other one did too much to be told', async () => {
    const { test, region, changed, elsewhere } = await openShared();
    elsewhere(replacement(region, changed));
    test.bridge.emit('journal:changed', { window: 'other', diff: null });
    await vi.waitFor(() => expect(test.editor.document.annotations).toEqual([changed]));
  });

  it('keeps a refused change, shows what is stored, and saves what comes after it', async () => {
    const { test, image, region, changed, elsewhere } = await openShared();
    elsewhere(replacement(region, changed));
    test.editor.commit('Move', replacement(region, { ...region, attributes: { seen: true } }));
    const other = drawnRegion(image, square, 8);
    test.editor.commit('Draw', addition(other));
    await test.saved();
    expect(test.editor.document.saves.state).toMatchObject({
      kind: 'refused',
      changes: [{ label: 'Move' }],
    });
    await vi.waitFor(() => expect(test.editor.document.annotations).toEqual([changed, other]));
    expect(test.failures).toHaveLength(1);
    await expect(test.editor.document.saves.settled()).rejects.toMatchObject({
      code: 'conflict',
      sentence: 'changesRefused',
    });

    await test.editor.applyRefused();
    await test.saved();
    expect(test.editor.document.saves.state).toEqual({ kind: 'saved' });
    expect(test.bridge.records.get(region.id)).toEqual({ ...changed, attributes: { seen: true } });
    expect(test.editor.document.annotations).toContainEqual(test.bridge.records.get(region.id));
  });

  it('shows the stored region where the other one made the refused change, too', async () => {
    const { test, region, elsewhere } = await openShared();
    const named = { ...region, attributes: { seen: true } };
    const stored = { ...named, updatedAtMs: region.updatedAtMs + 1 };
    elsewhere(replacement(region, stored));
    const own = { ...named, updatedAtMs: region.updatedAtMs + 2 };
    test.editor.commit('Move', replacement(region, own));
    await test.saved();
    await test.editor.applyRefused();
    await test.saved();
    expect(test.editor.document.annotations).toEqual([stored]);
    expect(test.editor.document.saves.state).toEqual({ kind: 'saved' });
  });

  it('forgets a refused change that is given up', async () => {
    const { test, region, changed, elsewhere } = await openShared();
    elsewhere(replacement(region, changed));
    test.editor.commit('Remove', removal(region));
    await test.saved();
    test.editor.discardRefused();
    expect(test.editor.document.saves.state).toEqual({ kind: 'saved' });
    await vi.waitFor(() => expect(test.editor.document.annotations).toEqual([changed]));
  });
});

describe('the view of regions', () => {
  it('changes no record when regions are hidden', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    await test.saved();
    const before = new Map(test.bridge.records);
    test.editor.regions.toggleSelected();
    test.editor.regions.toggleAll();
    expect(test.bridge.records).toEqual(before);
    expect(test.bridge.applied).toHaveLength(1);
  });
});

describe('number keys', () => {
  it('choose the category of the proposal, else of the selected region', async () => {
    const test = await TestEditor.open(makeImage(), makeCategory('cat'), makeCategory('dog'));
    await test.tool('point').click(10, 10).answer([0, 0, 10, 10]);
    test.editor.useQuickCategory('2');
    expect(test.editor.proposals.name).toBe('dog');
    test.editor.finish();
    test.editor.useQuickCategory('1');
    const name = test.editor.document.categoryOf(test.editor.regions.selected!)?.name;
    expect(name).toBe('cat');
  });
});

describe('escape', () => {
  it('peels one level at a time', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    await test.tool('point').click(70, 70).answer([70, 70, 5, 5]);
    test.editor.escape();
    expect(test.editor.proposals.active).toBeNull();
    expect(test.editor.regions.selected).not.toBeNull();
    test.editor.escape();
    expect(test.editor.regions.selected).toBeNull();
    test.editor.escape();
    expect(test.editor.tools.toolId).toBe('select');
  });
});

describe('words about a region', () => {
  it('stream in and are kept only when the person keeps them', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    const annotation = test.editor.regions.selected!;
    void test.editor.words.describe(annotation);
    const { requestId, imageId } = test.bridge.waiting[0]!.input;
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'generate', token: 'a ' });
    test.bridge.emit('prompt:progress', { requestId, imageId, stage: 'generate', token: 'boat' });
    expect(test.editor.words.of(annotation.id)).toMatchObject({
      text: 'a boat',
      status: 'writing',
    });
    expect(test.editor.document.items).toEqual([]);
  });

  it('of a discarded question are ignored', async () => {
    const test = (await TestEditor.open()).tool('rectangle').drag([0, 0], [60, 60]);
    const annotation = test.editor.regions.selected!;
    void test.editor.words.ask(annotation, 'What is it?', ['a boat', 'a car']);
    test.editor.words.discard(annotation.id);
    await test.answer();
    expect(test.editor.words.of(annotation.id)).toBeNull();
  });
});

describe('what was said of an image', () => {
  const box: Geometry = { kind: 'box', box: [10, 10, 20, 20] };

  async function openWith(state: ImageState, regions: number) {
    const image = makeImage({ state });
    const drawn = Array.from({ length: regions }, (_, order) => drawnRegion(image, box, order));
    const test = await TestEditor.open(image, ...drawn);
    return { test, state: () => test.editor.document.image!.state };
  }

  it('is taken back by deleting the last region, as one step with it, and comes back by undo', async () => {
    const { test, state } = await openWith('done', 2);
    const [first, second] = test.editor.document.annotations;
    test.editor.remove(first!);
    expect(state()).toBe('done');
    test.editor.remove(second!);
    expect(state()).toBe('to-check');
    await test.saved();
    expect(test.bridge.applied).toHaveLength(2);
    await test.editor.travel('undo');
    expect([state(), test.editor.document.annotations.length]).toEqual(['done', 1]);
  });

  it('is taken back by drawing on an image that was said to be empty', async () => {
    const { test, state } = await openWith('reviewed-empty', 0);
    test.tool('rectangle').drag([10, 10], [40, 40]);
    expect(state()).toBe('to-check');
  });

  it('changes with a region that is drawn only where the person chose so', async () => {
    const { test, state } = await openWith('untouched', 0);
    test.tool('rectangle').drag([10, 10], [40, 40]);
    expect(state()).toBe('untouched');
    test.editor.marksDone = true;
    test.editor.tools.select([]);
    test.drag([50, 50], [70, 70]);
    expect(state()).toBe('done');
    await test.saved();
    expect(test.bridge.applied).toHaveLength(2);
  });

  it('is not that an image is done while there is nothing, nor empty while there is something', async () => {
    const empty = await openWith('untouched', 0);
    empty.test.editor.setImageState('done');
    expect([empty.state(), empty.test.failures]).toEqual(['untouched', [text.errors.nothingDone]]);
    empty.test.editor.setImageState('reviewed-empty');
    expect(empty.state()).toBe('reviewed-empty');
    const drawn = await openWith('untouched', 1);
    drawn.test.editor.setImageState('reviewed-empty');
    expect([drawn.state(), drawn.test.failures]).toEqual(['untouched', [text.errors.notEmpty]]);
  });
});

describe('the number keys of categories', () => {
  it('stay when categories are used, made and undone, and are kept with the project', async () => {
    const categories = ['cat', 'dog', 'fox'].map((name) => makeCategory(name));
    const image = makeImage();
    const test = await TestEditor.open(image, ...categories);
    const keys = () =>
      test.editor.categoryKeys.list().map(({ key, category }) => `${key} ${category.name}`);
    expect(keys()).toEqual(['1 cat', '2 dog', '3 fox']);
    test.tool('rectangle');
    test.editor.useQuickCategory('3');
    test.drag([10, 10], [40, 40]);
    test.editor.tools.select([]);
    test.editor.proposals.lastName = 'bird';
    test.drag([50, 10], [70, 40]);
    const four = ['1 cat', '2 dog', '3 fox', '4 bird'];
    expect(keys()).toEqual(four);
    await test.saved();
    await test.editor.travel('undo');
    expect(keys()).toEqual(four.slice(0, 3));
    await test.editor.travel('redo');
    expect(keys()).toEqual(four);
    await test.editor.followProject(test.bridge.summary);
    expect(keys()).toEqual(four);
    test.editor.categoryKeys.move(categories[0]!.id, '0');
    expect(keys()).toEqual(['2 dog', '3 fox', '4 bird', '0 cat']);
    expect(test.bridge.settings.categoryKeys[categories[0]!.id]).toBe('0');
  });
});

describe('an image that is gone', () => {
  const gone = async (records: ImageRecord[], shown: ImageRecord) => {
    const test = await TestEditor.open(...records);
    await test.editor.opened.show(shown.id);
    return { test, shown: () => test.editor.document.image?.id ?? null };
  };

  it('makes room for the first one when its import is undone, and says no id', async () => {
    const [first, imported] = [makeImage(), makeImage()];
    const { test, shown } = await gone([first], first);
    test.editor.commit('Import', addition(imported));
    await test.saved();
    await test.editor.images.reload();
    await test.editor.opened.show(imported.id);
    await test.editor.travel('undo');
    expect([shown(), test.editor.images.total, test.failures]).toEqual([first.id, 1, []]);
    await test.editor.travel('redo');
    expect([shown(), test.editor.images.total]).toEqual([imported.id, 2]);
  });

  it('leaves nothing when it was the only one', async () => {
    const only = makeImage();
    const { test, shown } = await gone([only], only);
    test.editor.commit('Remove', removal(only));
    test.editor.commit('Import', addition(only));
    await test.saved();
    await test.editor.reload();
    expect(shown()).toBe(only.id);
    await test.editor.travel('undo');
    expect([shown(), test.editor.images.total, test.failures]).toEqual([null, 0, []]);
  });

  it('makes room when somebody else undid its import', async () => {
    const [first, imported] = [makeImage(), makeImage()];
    const { test, shown } = await gone([first, imported], imported);
    test.bridge.records = applyDiff(test.bridge.records, removal(imported));
    await test.editor.followProject(test.bridge.summary);
    expect([shown(), test.editor.images.total, test.failures]).toEqual([first.id, 1, []]);
  });

  it('is no longer listed once it was asked for', async () => {
    const [first, second, third] = [makeImage(), makeImage(), makeImage()];
    const { test, shown } = await gone([first, second, third], first);
    test.bridge.records = applyDiff(test.bridge.records, removal(second));
    await test.editor.opened.show(second.id);
    expect([shown(), test.editor.images.total, test.failures]).toEqual([first.id, 2, []]);
  });
});

describe('a change that is tried out', () => {
  it('is shown, can be undone and redone, and is neither kept nor told', async () => {
    const image = makeImage();
    const region = drawnRegion(image, { kind: 'box', box: [10, 10, 30, 30] }, 0);
    const test = await TestEditor.open(image, region);
    const { document } = test.editor;
    const steps = test.bridge.applied.length;
    document.tryOut();
    const moved: Annotation = { ...region, geometry: { kind: 'box', box: [20, 20, 30, 30] } };
    test.editor.commit('Move', replacement(region, moved));
    expect(document.annotations).toMatchObject([{ geometry: moved.geometry }]);
    await test.editor.travel('undo');
    expect(document.annotations).toMatchObject([{ geometry: region.geometry }]);
    expect([document.canUndo, document.canRedo]).toEqual([false, true]);
    await test.editor.travel('redo');
    expect(document.annotations).toMatchObject([{ geometry: moved.geometry }]);
    await document.endTrial();
    expect(document.annotations).toMatchObject([{ geometry: region.geometry }]);
    expect(test.bridge.applied).toHaveLength(steps);
  });
});
