import type { ProjectDatabase } from '../../db/project-database.ts';
import type { ImportReport } from '../api/contract/dataset.ts';
import type { JobStarted } from '../api/contract/job-started.ts';
import { announceChange } from '../features/project/announce-change.ts';
import type { Session } from '../session.ts';
import type { JobContext } from './jobs.ts';

/** Starts a job that brings records into the open project. */
export function startImport(
  session: Session,
  label: string,
  work: (database: ProjectDatabase, context: JobContext) => Promise<ImportReport>,
): JobStarted {
  const database = session.project();
  return session.jobs.start(label, async (context) => {
    try {
      await session.projects.backupBeforeLargeStep();
      return await work(database, context);
    } finally {
      announceChange(session);
    }
  });
}
