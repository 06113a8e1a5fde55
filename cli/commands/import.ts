import { Option, type Command } from 'commander';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImportReport } from '../../app/api/contract/dataset.ts';
import { importCoco } from '../../app/services/coco-import-file.ts';
import { importFolder } from '../../app/features/images/image-import.ts';
import type { Projects } from '../../app/features/project/projects.ts';
import { AppError } from '../../core/errors.ts';
import { existingPolicies, type ExistingPolicy } from '../../core/formats/existing-annotations.ts';
import { newId } from '../../core/ids.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { count, listLeftOut, printResult } from '../output.ts';
import { Progress } from '../progress.ts';
import { addPersonOption, withProject } from '../project.ts';

interface ImportOptions {
  readonly images?: string;
  readonly existing: ExistingPolicy;
  readonly by?: string;
  readonly json?: boolean;
}

const importHelp = `
Photos stay where they are and are never written. --existing says what is done with images that hold annotations already:
  merge    add those that are not there yet (same category, same region)
  replace  put the file's in their place, where it has any for the image
  skip     leave these images as they are
All of it is one step, which one undo in the window takes back.`;

/** `import`: photos or a COCO dataset into a project. */
export function addImportCommand(program: Command): void {
  const command = program
    .command('import')
    .description('add a folder of photos, or a COCO file and its photos, to a project')
    .argument('<project>', 'project file, or the folder that holds it')
    .argument('<source>', 'folder of photos (subfolders included), or COCO .json')
    .option('--images <dir>', 'folder that the file names of the COCO file are relative to')
    .addOption(
      new Option('--existing <what>', 'what is done with images that hold annotations')
        .choices(existingPolicies)
        .default('merge'),
    );
  addPersonOption(command)
    .option('--json', 'print JSON')
    .addHelpText('after', importHelp)
    .action(async (given: string, source: string, options: ImportOptions) => {
      const work = async (database: ProjectDatabase, projects: Projects) => {
        await projects.backupBeforeLargeStep();
        return importSource(database, source, options);
      };
      const report = await withProject(given, work, options.by);
      printResult(options.json ?? false, report, () => inWords(source, report));
      if (report.skipped.length > 0) process.exitCode = exitCodes.someLeftOut;
    });
}

async function importSource(
  database: ProjectDatabase,
  source: string,
  { images, existing }: ImportOptions,
): Promise<ImportReport> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new AppError(
      'not-found',
      `There is nothing at ${source} to import. Give a folder of photos or a COCO file.`,
      { source },
      { cause },
    );
  });
  const progress = new Progress('import');
  const context = {
    jobId: newId(),
    signal: interruptSignal('Stopping; what was imported is kept.'),
    progress: (done: number, total: number | null) => progress.report(done, total),
  };
  try {
    return found.isDirectory()
      ? await importFolder(database, source, context)
      : await importCoco(
          database,
          { file: source, images: images ?? dirname(source), existing },
          context,
        );
  } finally {
    progress.end();
  }
}

function inWords(source: string, report: ImportReport): string {
  return [
    `Imported ${source}: ${count(report.images, 'image')}, ${count(report.annotations, 'annotation')}, ` +
      count(report.categories, 'category', 'categories'),
    ...existingInWords(report.existing),
    ...listLeftOut(report.skipped),
    ...(report.warnings ?? [])
      .slice(0, 20)
      .map(({ what, reason }) => `  doubt about ${what}: ${reason}`),
  ].join('\n');
}

function existingInWords(existing: ImportReport['existing']): string[] {
  if (!existing) return [];
  const { alreadyThere, replaced, skipped } = existing;
  const parts = [
    ...(alreadyThere ? [`${count(alreadyThere, 'annotation')} already there`] : []),
    ...(replaced ? [`${count(replaced, 'annotation')} of the project replaced`] : []),
    ...(skipped ? [`${count(skipped, 'annotation')} left out with their images`] : []),
  ];
  return parts.length > 0 ? [`  ${parts.join(', ')}`] : [];
}
