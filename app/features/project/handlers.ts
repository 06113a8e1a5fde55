import { join, resolve } from 'node:path';
import { AppError } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { requireFreePlace } from '../../files/output-file.ts';
import { rescueProject } from '../../jobs/kinds/rescue-project.ts';
import type { HandlersOf, Session } from '../../session.ts';
import { importDataset } from '../dataset/dataset-import.ts';
import { projectFileAt } from '../handout/handout-package.ts';
import { importFolder } from '../images/image-import.ts';
import { announceChange } from './announce-change.ts';
import { openSample, rescueTarget } from './projects.ts';
import { leaveProject, stopWork } from './stop-work.ts';

/** Work that is short enough to be neither shown nor cancelled. */
const quietly = () => ({
  jobId: newId(),
  signal: new AbortController().signal,
  progress: () => undefined,
});

export const projectHandlers: HandlersOf<'project'> = {
  'project.create': async ({ folder, name }, session) => {
    await requireFreePlace(resolve(folder, 'project'), folder);
    return switchTo(session, ({ projects }) => projects.create(folder, name));
  },
  'project.open': async ({ file }, session) => {
    // Unpacking takes long; work on the open project goes on meanwhile.
    const path = await projectFileAt(file);
    return switchTo(session, ({ projects }) => projects.open(path));
  },
  'project.openSample': (_, session) =>
    switchTo(session, async ({ projects, home, samplePhotos }) => {
      const sample = await openSample(projects, home, 'Sample', samplePhotos);
      if (sample.photosToImport === null) return sample.summary;
      await importFolder(projects.require(), sample.photosToImport, quietly());
      return projects.summary();
    }),
  'project.openBenchmark': (_, session) =>
    switchTo(session, async ({ projects, home, samplePhotos, sampleBenchmark }) => {
      const sample = await openSample(projects, home, 'Benchmark', samplePhotos);
      const images = sample.photosToImport;
      if (images === null) return sample.summary;
      const regions = { path: join(sampleBenchmark, 'annotations.json'), format: 'coco', images };
      await importDataset(projects.require(), regions, quietly());
      const items = { path: sampleBenchmark, format: 'perbench', images };
      await importDataset(projects.require(), items, quietly());
      return projects.summary();
    }),
  'project.close': (_, session) => leave(session, ({ projects }) => projects.close()),
  'project.current': (_, { projects }) => (projects.current ? projects.summary() : null),
  'project.recent': (_, { projects }) => projects.recent.list(),
  'project.forget': async ({ file }, { projects }) => {
    await projects.recent.forget(file);
    return projects.recent.list();
  },
  'project.backup': (_, { projects }) => projects.backup(),
  'project.backups': ({ file }, { projects }) => projects.backups(file),
  'project.restore': ({ backup }, session) =>
    switchTo(session, ({ projects }) => projects.restore(backup)),
  'project.saveAs': async ({ file }, session) => {
    await stopWork(session);
    return session.steps.take(async () => {
      await stopWork(session);
      const { file: savedFrom } = session.projects.require();
      const saved = await session.projects.saveAs(file);
      announceChange(session, savedFrom);
      return saved;
    });
  },
  'project.rescue': async ({ file }, { jobs, window }) => {
    try {
      const order = { file: resolve(file), target: rescueTarget(file) };
      const { report } = await jobs.run(rescueProject, order, window);
      const { leftOut: skipped, images, annotations, categories } = report;
      return { file: order.target, report: { images, annotations, categories, skipped } };
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'cancelled') return null;
      throw thrown;
    }
  },
  'project.settings': (_, { projects }) => projects.require().settings(),
  'project.changeSettings': async (changed, { projects }) => {
    const project = projects.require();
    await project.gradually.rest();
    return project.changeSettings(withoutUndefined(changed));
  },
  'project.check': (_, { projects }) => projects.require().read('check', null),
};

/** Ends the work on the open project before another one takes its place. */
function switchTo<Opened>(
  session: Session,
  open: (session: Session) => Promise<Opened>,
): Promise<Opened> {
  return leave(session, async () => {
    const opened = await open(session);
    announceChange(session);
    return opened;
  });
}

/** Ends the work on the open project and takes the steps that wait before the next one opens. */
async function leave<Result>(
  session: Session,
  next: (session: Session) => Promise<Result>,
): Promise<Result> {
  await stopWork(session);
  return session.steps.inTurn(async () => {
    // Work may have begun while it waited for its turn.
    await leaveProject(session);
    const left = session.projects.current;
    try {
      return await next(session);
    } finally {
      if (session.projects.current !== left) session.steps.noteChange();
    }
  });
}
