import type { projectFileSentences } from '../../../db/project-file-sentences.ts';
import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import { projectSettingsSchema, type ProjectSettings } from '../../../core/project-settings.ts';
import type { ImportReport } from './dataset.ts';
import { method, nothing } from './method.ts';

export interface ProjectSummary {
  readonly file: string;
  readonly name: string;
  readonly images: number;
  readonly annotations: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface RecentProject {
  readonly file: string;
  readonly name: string;
  readonly openedAtMs: number;
  /** Its file is not where it was. */
  readonly isMissing: boolean;
}

/** A copy of a project that lies beside it. */
export interface Backup {
  readonly file: string;
  readonly writtenAtMs: number;
  readonly bytes: number;
  /** Made by the application itself, which deletes it when it is old. */
  readonly isAutomatic: boolean;
}

/** A project that was made of what could be read of another one, and what that was. */
export interface RescuedProject {
  readonly file: string;
  readonly report: ImportReport;
}

export const projectContract = {
  'project.create': method<ProjectSummary>()(
    z.object({ folder: z.string().min(1), name: z.string().min(1) }),
  ),
  'project.open': method<ProjectSummary>()(z.object({ file: z.string().min(1) })),
  'project.close': method<null>()(nothing),
  'project.current': method<ProjectSummary | null>()(nothing),
  'project.recent': method<RecentProject[]>()(nothing),
  'project.openSample': method<ProjectSummary>()(nothing),
  'project.openBenchmark': method<ProjectSummary>()(nothing),
  /** Takes a project off the list of recent ones; answers the rest. */
  'project.forget': method<RecentProject[]>()(z.object({ file: z.string().min(1) })),
  'project.backup': method<{ file: string }>()(nothing),
  /** The copies beside a project, newest first; it need not be open. */
  'project.backups': method<Backup[]>()(z.object({ file: z.string().min(1) })),
  /** Opens a copy of a backup as a project of its own. */
  'project.restore': method<ProjectSummary>()(z.object({ backup: z.string().min(1) })),
  /**
   * Writes the open project to another file and goes on with it; also where its own was moved,
   * deleted or replaced.
   */
  'project.saveAs': method<ProjectSummary>()(z.object({ file: z.string().min(1) })),
  /**
   * Brings what can be read of a damaged or changed project into a new one beside it; null where
   * the person has cancelled the job that does it.
   */
  'project.rescue': method<RescuedProject | null>()(z.object({ file: z.string().min(1) })),
  'project.check': method<ErrorEnvelope[]>()(nothing),
  'project.settings': method<ProjectSettings>()(nothing),
  /** Changes some of what is chosen for the open project; answers all of it. */
  'project.changeSettings': method<ProjectSettings>()(projectSettingsSchema.partial()),
} as const;

/** Sentences of the failures of projects whose rows `pixelsail rescue` may still read. */
export const rescuableFailures = [
  'projectDamaged',
  'projectSchemaForeign',
  'projectVersionForeign',
] as const satisfies readonly (keyof (typeof projectFileSentences)['english'])[];
