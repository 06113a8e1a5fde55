import { join } from 'node:path';
import { contract, type MethodName } from '../../../app/api/contract.ts';
import type { ImagePage } from '../../../app/api/contract/images.ts';
import type { Category, ImageRecord } from '../../../core/records.ts';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { refused, type Family } from '../family.ts';
import { valueOf } from '../project-walk.ts';
import { writeDataset } from './coco-dataset.ts';

/** Not asked here: they leave the folder of the attempt or end the process's own work. */
const notCalled: readonly MethodName[] = ['files.list', 'models.delete', 'models.testDevice'];

/** Calls of the contract with damaged inputs, on a project with records. */
export const calls: Family = {
  name: 'calls',
  weight: 14,
  async prepare(shared) {
    const application = await ApplicationUnderTest.make();
    const { coco, images } = await writeDataset(shared);
    const methods = (Object.keys(contract) as MethodName[]).filter(
      (name) => !notCalled.includes(name),
    );
    return async (mutator, folder) => {
      const file = await application.newProject(folder);
      try {
        valueOf(await application.call('dataset.import', { path: coco, format: 'coco', images }));
        const page = valueOf(await application.call('images.list', { offset: 0, limit: 5 }));
        const { id } = (page as ImagePage).rows[0]!;
        const document = valueOf(await application.call('images.document', { imageId: id }));
        const categories = valueOf(await application.call('categories.list', null)) as Category[];
        const { image } = document as { image: ImageRecord };
        const samples: Partial<Record<string, unknown>> = {
          'journal.apply': {
            label: 'Change',
            imageId: id,
            diff: {
              added: {},
              updated: { [image.id]: [image, { ...image, split: 'train' }] },
              removed: {},
            },
          },
          'images.list': { offset: 0, limit: 5, text: 'a', categoryId: categories[0]!.id },
          'images.place': { imageId: id, text: 'b' },
          'categories.remove': {
            label: 'x',
            categoryId: categories[0]!.id,
            mergeInto: categories[1]!.id,
          },
          'journal.history': { limit: 5 },
          'journal.travelTo': { stepId: 1 },
          'prompt.ask': {
            requestId: 'r',
            imageId: id,
            request: {
              task: 'segment',
              text: 'cat',
              regions: [{ marks: [{ kind: 'point', at: [5, 5], positive: true }] }],
            },
          },
          'dataset.export': {
            path: join(folder, 'out.json'),
            format: 'coco',
            options: { profile: 'training', holes: 'keyhole', tolerance: 0 },
          },
          'dataset.detect': { path: images },
          'dataset.import': { path: coco, format: 'coco', images, existing: 'replace' },
          'images.importFolder': { folder: images },
          'project.open': { file },
          'project.backups': { file },
          'settings.set': (
            valueOf(await application.call('settings.get', null)) as { settings: unknown }
          ).settings,
          'prompt.prepare': { imageId: id },
          'project.create': { folder: join(folder, 'other'), name: 'Other' },
          'project.saveAs': { file: join(folder, 'copy.pixelsail') },
          'project.rescue': { file },
          'project.restore': { backup: file },
          'project.changeSettings': { modelId: 'm', lockedIds: [id], categoryKeys: {} },
          'models.load': { modelId: 'fake', device: 'cpu' },
          'models.card': { modelId: 'fake' },
          'models.verify': { modelId: 'fake' },
          'models.importPackage': { folder: images },
          'prompt.cancel': { requestId: 'r' },
          'jobs.cancel': { jobId: 'j' },
        };
        const method = mutator.pick(methods);
        const sample = samples[method];
        const input =
          sample === undefined || mutator.chance(0.1)
            ? mutator.json()
            : mutator.damagedJson(sample);
        const result = await application.call(method, confineWrites(method, input, folder));
        const checked = await application.call('project.check', null);
        if (checked.ok && (checked.value as unknown[]).length > 0) {
          return {
            ended: 'accepted',
            fault: `project damaged by ${method}: ${JSON.stringify(checked.value).slice(0, 300)}`,
          };
        }
        if (result.ok) return { ended: 'accepted' };
        const outcome = refused(result.error);
        return outcome.fault ? { ...outcome, fault: `${method}: ${outcome.fault}` } : outcome;
      } finally {
        await application.clear();
      }
    };
  },
};

/**
 * Keeps what a call writes inside the folder of the attempt, device files apart, which must be
 * refused.
 */
function confineWrites(method: MethodName, input: unknown, folder: string): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const copy = { ...input } as Record<string, unknown>;
  const keys =
    method === 'project.create'
      ? ['folder']
      : method === 'project.saveAs'
        ? ['file']
        : method === 'dataset.export'
          ? ['path']
          : [];
  for (const key of keys) {
    const path = copy[key];
    if (typeof path === 'string' && !path.startsWith(folder) && !path.startsWith('/dev/')) {
      copy[key] = `${folder}/${path}`;
    }
  }
  return copy;
}
