import { Option, type Command } from 'commander';
import { stat } from 'node:fs/promises';
import type { ImportReport } from '../../app/api/contract/dataset.ts';
import { describeFormats, detectDataset } from '../../app/features/dataset/dataset-formats.ts';
import { importDataset } from '../../app/jobs/kinds/import-dataset.ts';
import { importImages } from '../../app/jobs/kinds/import-images.ts';
import { isPicture } from '../../app/features/images/photos-at.ts';
import { AppError } from '../../core/errors.ts';
import { existingPolicies, type ExistingPolicy } from '../../core/formats/existing-annotations.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { absolutePath } from '../absolute-path.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatsHelp, givenOptions, pairsOption } from '../format-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { count, listLeftOut, listNotes, note, printResult } from '../output.ts';
import { addPersonOption } from '../project.ts';

interface ImportOptions {
  readonly format?: string;
  readonly images?: string;
  readonly existing: ExistingPolicy;
  readonly option?: Readonly<Record<string, string>>;
  readonly by?: string;
  readonly json?: boolean;
}

const importHelp = `
Photos stay in place and are never written to. A folder or a zip archive without a dataset of a known format is imported
as photos; those of an archive are unpacked beside the project.
--existing sets the treatment of images that already have annotations:
  merge    add annotations whose category and region do not exist yet
  replace  replace the annotations of an image if the dataset has any for it
  skip     do not change these images
The import is one step, which one undo in the window removes.`;

/** `import`: photos or a dataset into a project. */
export function addImportCommand(program: Command): void {
  const known = describeFormats().filter(({ read }) => read !== null);
  const command = program
    .command('import')
    .description('add a folder of photos, or a dataset and its photos, to a project')
    .argument('<project>', 'project file, or the folder that holds it')
    .argument(
      '<source>',
      'photo, folder (subfolders included) or zip archive of photos, or file, folder or zip archive of a dataset',
    )
    .addOption(
      new Option('--format <format>', 'format of the dataset (default: recognised)').choices(
        known.map(({ id }) => id),
      ),
    )
    .option('--images <dir>', 'folder that the file names of the dataset are relative to')
    .addOption(
      new Option('--existing <what>', 'what is done with images that hold annotations')
        .choices(existingPolicies)
        .default('merge'),
    );
  addPersonOption(command)
    .addOption(pairsOption())
    .option('--json', 'print JSON')
    .addHelpText('after', importHelp + formatsHelp(known, ({ read }) => read))
    .action(async (given: string, source: string, options: ImportOptions, self: Command) => {
      const report = await importSource(given, source, options, self);
      printResult(options.json ?? false, report, () => inWords(source, report));
      if (report.skipped.length + (report.photos ?? []).length > 0)
        process.exitCode = exitCodes.someLeftOut;
    });
}

async function importSource(
  project: string,
  source: string,
  { format: wanted, images, existing, option, by }: ImportOptions,
  command: Command,
): Promise<ImportReport> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new AppError(
      'not-found',
      `There is nothing at ${source} to import. Give a folder of photos, or a dataset.`,
      { source },
      { cause },
    );
  });
  const format = wanted ?? (await recognised(source, found.isDirectory()));
  const about = {
    ...{ project, label: 'import', by },
    signal: interruptSignal('Stopping; imported records are kept.'),
  };
  const path = absolutePath(source);
  if (format === null) return runJob(importImages, { folder: path }, about);
  const schema = describeFormats().find(({ id }) => id === format)?.read ?? {};
  const options = givenOptions(command, {}, schema, option);
  const input = { path, format, images: absolutePath(images), existing, options };
  return runJob(importDataset, input, about);
}

/** The format of what is imported; null for photos without a dataset. */
async function recognised(source: string, isFolder: boolean): Promise<string | null> {
  const { formats, photos } = await detectDataset(source);
  const [likeliest] = formats;
  if (!isFolder) {
    if (likeliest) return likeliest.id;
    if (photos > 0 || isPicture(source)) return null;
    const ids = describeFormats().map(({ id }) => id);
    throw datasetFailure('dataset-invalid', 'datasetFormatUnknown', { path: source, formats: ids });
  }
  if (likeliest?.likeness === 'certain') return likeliest.id;
  if (likeliest) {
    const ids = formats.map(({ id }) => id).join(' or ');
    note(`${source} is imported as photos; it may hold labels, too: see --format ${ids}.`);
  }
  return null;
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
    ...listNotes('changed photo', report.photos ?? []),
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
