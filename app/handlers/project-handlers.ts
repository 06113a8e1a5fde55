import { resolve } from 'node:path';
import { requireFreePlace } from '../files/output-file.ts';
import { newId } from '../../core/ids.ts';
import { importFolder } from '../services/image-import.ts';
import { openSample } from '../services/projects.ts';
import {
  announceChange,
  stopWork,
  withoutUndefined,
  type ApplicationParts,
  type HandlersOf,
} from './parts.ts';

const neverAborted = new AbortController().signal;

export function projectHandlers(parts: ApplicationParts): HandlersOf<'project'> {
  const { projects, home, samplePhotos } = parts;

  const switchTo = async <Opened>(open: () => Promise<Opened>): Promise<Opened> => {
    await stopWork(parts);
    const opened = await open();
    announceChange(parts);
    return opened;
  };

  return {
    'project.create': async ({ folder, name }) => {
      await requireFreePlace(resolve(folder, 'project'), folder);
      return switchTo(() => projects.create(folder, name));
    },
    'project.open': ({ file }) => switchTo(() => projects.open(file)),
    'project.openSample': () =>
      switchTo(async () => {
        const sample = await openSample(projects, home, samplePhotos);
        if (sample.photosToImport === null) return sample.summary;
        const context = { jobId: newId(), signal: neverAborted, progress: () => undefined };
        await importFolder(projects.require(), sample.photosToImport, context);
        return projects.summary();
      }),
    'project.close': async () => {
      await stopWork(parts);
      return projects.close();
    },
    'project.current': () => (projects.current ? projects.summary() : null),
    'project.recent': () => projects.recent.list(),
    'project.forget': async ({ file }) => {
      await projects.recent.forget(file);
      return projects.recent.list();
    },
    'project.backup': () => projects.backup(),
    'project.backups': ({ file }) => projects.backups(file),
    'project.restore': ({ backup }) => switchTo(() => projects.restore(backup)),
    'project.saveAs': ({ file }) => switchTo(() => projects.saveAs(file)),
    'project.rescue': ({ file }) => switchTo(() => projects.rescue(file)),
    'project.settings': () => projects.require().settings(),
    'project.changeSettings': async (changed) => {
      await projects.require().gradually.rest();
      return projects.require().changeSettings(withoutUndefined(changed));
    },
    'project.check': () => projects.require().read('check', null),
  };
}
