import type { ImagePage } from '../../app/api/contract/images.ts';
import type { CallResult } from '../../app/api/serve.ts';
import { toErrorEnvelope, type ErrorEnvelope } from '../../core/errors.ts';
import type { ApplicationUnderTest } from './application-under-test.ts';
import { refused, type Outcome } from './family.ts';
import type { MethodName } from '../../app/api/contract.ts';

const reads: readonly (readonly [MethodName, unknown])[] = [
  ['project.current', null],
  ['project.settings', null],
  ['project.check', null],
  ['categories.list', null],
  ['categories.counts', null],
  ['statistics.counts', null],
  ['statistics.trainable', null],
  ['statistics.progress', null],
  ['regions.waiting', { offset: 0, limit: 20, order: 'best', atLeast: 0.5 }],
  ['journal.history', { limit: 100 }],
  ['journal.undo', null],
  ['journal.redo', null],
];

/** Opens a project file and does what a window does with one; the first refusal ends the walk. */
export async function walkProject(
  application: ApplicationUnderTest,
  file: string,
  target: string,
): Promise<Outcome> {
  const steps: (readonly [MethodName, unknown])[] = [['project.open', { file }], ...reads];
  for (const [method, input] of steps) {
    const result = await application.call(method, input);
    if (!result.ok) return refused(result.error);
  }
  const listed = await application.call('images.list', { offset: 0, limit: 20 });
  if (!listed.ok) return refused(listed.error);
  for (const { id } of (listed.value as ImagePage).rows) {
    const opened = await application.call('images.document', { imageId: id });
    if (!opened.ok) return refused(opened.error);
    for (const variant of ['thumbnail', 'full']) {
      const served = await serveFile(application, id, variant);
      if (served) return served;
    }
  }
  const exported = await application.call('dataset.export', { path: target, format: 'coco' });
  return exported.ok ? { ended: 'accepted' } : refused(exported.error);
}

/** The fault of a refusal to serve a file of an image; null if it was served or refused by name. */
export async function serveFile(
  { application }: ApplicationUnderTest,
  imageId: string,
  variant: string,
): Promise<Outcome | null> {
  try {
    await application.imageFile(imageId, variant);
    return null;
  } catch (thrown) {
    const outcome = refused(toErrorEnvelope(thrown));
    return outcome.fault ? outcome : null;
  }
}

/** The value of a call that must succeed for an attempt to begin. */
export function valueOf(result: CallResult): unknown {
  if (result.ok) return result.value;
  throw new Error(result.error.message);
}

/** Findings of the check of the open project. */
export async function findDamage(application: ApplicationUnderTest): Promise<string | null> {
  const checked = await application.call('project.check', null);
  if (!checked.ok) return `check failed: ${checked.error.message}`;
  const [problem] = checked.value as ErrorEnvelope[];
  return problem ? `project damaged: ${problem.message}` : null;
}
