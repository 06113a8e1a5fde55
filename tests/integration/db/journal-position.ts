import type { ProjectDatabase } from '../../../db/project-database.ts';

/** Where a project stands: the label of its newest done step and the number of undone ones. */
export function journalPosition(database: ProjectDatabase): string {
  const steps = database.history({ limit: Number.MAX_SAFE_INTEGER });
  const undone = steps.findIndex(({ done }) => done);
  return `${steps[undone]?.label}/${undone}`;
}
