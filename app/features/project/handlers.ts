import { join, resolve } from 'node:path';
import { newId } from '../../../core/ids.ts';
import { withoutUndefined } from '../../api/without-undefined.ts';
import { requireFreePlace } from '../../files/output-file.ts';
import type { HandlersOf, Session } from '../../session.ts';
import { importDataset } from '../dataset/dataset-import.ts';
import { importFolder } from '../images/image-import.ts';
import { announceChange } from './announce-change.ts';
import { openSample } from './projects.ts';
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
  'project.open': ({ file }, session) => switchTo(session, ({ projects }) => projects.open(file)),
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
  'project.close': async (_, session) => {
    await leaveProject(session);
    return session.projects.close();
  },
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
    const { file: savedFrom } = session.projects.require();
    await stopWork(session);
    const saved = await session.projects.saveAs(file);
    announceChange(session, savedFrom);
    return saved;
  },
  'project.rescue': ({ file }, session) =>
    switchTo(session, ({ projects }) => projects.rescue(file)),
  'project.settings': (_, { projects }) => projects.require().settings(),
  'project.changeSettings': async (changed, { projects }) => {
    await projects.require().gradually.rest();
    return projects.require().changeSettings(withoutUndefined(changed));
  },
  'project.check': (_, { projects }) => projects.require().read('check', null),
};

/** Ends the work on the open project before another one takes its place. */
async function switchTo<Opened>(
  session: Session,
  open: (session: Session) => Promise<Opened>,
): Promise<Opened> {
  await leaveProject(session);
  const opened = await open(session);
  announceChange(session);
  return opened;
}
