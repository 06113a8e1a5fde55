import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { DraftReport } from '../../app/api/contract/jobs.ts';
import type { ProjectSummary } from '../../app/api/contract/project.ts';
import { describeFormats, detectDataset } from '../../app/features/dataset/dataset-formats.ts';
import { requireDataset } from '../../app/features/dataset/dataset-import.ts';
import { newOutput, requireFreePlace } from '../../app/files/output-file.ts';
import { checkPhotos } from '../../app/features/images/photo-check.ts';
import { settlePhotos } from '../../app/features/images/settle-photos.ts';
import { photoChoices, type PhotoChoice } from '../../core/project/photo-choices.ts';
import { Projects } from '../../app/features/project/projects.ts';
import { draftItems } from '../../app/jobs/kinds/draft-items.ts';
import { userDataFolder } from '../../app/user-data.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { projectPurposes, type ProjectPurpose } from '../../core/project-settings.ts';
import type { ImageRecord } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { rescueProject } from '../../app/jobs/kinds/rescue-project.ts';
import { unlessCancelled } from '../../models/cancellation.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { count, listLeftOut, listNotes, note, printResult } from '../output.ts';
import { Progress } from '../progress.ts';
import { locateProject, withProject } from '../project.ts';

interface JsonOption {
  readonly json?: boolean;
}

interface InitOptions extends JsonOption {
  readonly name?: string;
  readonly as: ProjectPurpose;
  readonly from?: string;
  readonly images?: string;
  readonly drafts: boolean;
}

const initHelp = `
--as perbench opens in the author view, with a queue for each task: descriptions, multiple choice and referring items. With
--from, each region with a category gets draft items. People check and save drafts in the author view; unsaved drafts are
not reviewed, scored or exported.`;

interface CheckOptions extends JsonOption {
  readonly photos?: PhotoChoice;
}

const checkHelp = `
--photos is one step that an undo in the window takes back; no file is written.
  keep       the regions stay at their pixels; what lies outside a smaller photo is cut
  scale      the regions are stretched to the size of the new photo
  set-aside  the images leave the project with their regions, also where the photo is gone`;

/** `init`, `check`, `rescue` and `backup`. */
export function addProjectCommands(program: Command): void {
  program
    .command('init')
    .description('create a project in a folder')
    .argument('<dir>', 'folder, made when it is not there')
    .option('--name <name>', 'name of the project (default: that of the folder)')
    .addOption(
      new Option('--as <purpose>', 'what is made in it: labelled regions, or a benchmark of items')
        .choices(projectPurposes)
        .default('regions'),
    )
    .option('--from <dataset>', 'dataset that it begins with, for instance a COCO file')
    .option('--images <dir>', 'folder of the photos of that dataset')
    .option('--no-drafts', 'with --as perbench: make no draft items from the regions')
    .option('--json', 'print JSON')
    .addHelpText('after', initHelp)
    .action(async (folder: string, options: InitOptions) => {
      const made = await initProject(folder, options);
      const { project, drafted } = made;
      const value = drafted === null ? project : { ...project, drafted };
      printResult(options.json ?? false, value, () =>
        [
          `Made the project ${project.file}`,
          ...(drafted?.imported
            ? [
                `  ${count(drafted.imported.images, 'image')}, ${count(drafted.imported.annotations, 'annotation')} imported`,
                `  ${count(drafted.items, 'draft item')} made from regions`,
                ...listLeftOut(drafted.imported.skipped),
              ]
            : []),
        ].join('\n'),
      );
      if ((drafted?.imported?.skipped.length ?? 0) > 0) process.exitCode = exitCodes.someLeftOut;
    });

  program
    .command('check')
    .description(
      'check the consistency of a project file, and compare its photos with the imported ones',
    )
    .argument('<project>', 'project file, or the folder that holds it')
    .addOption(
      new Option(
        '--photos <choice>',
        'take over photos that changed: keep the regions where they are, scale them, or set the image aside',
      ).choices(photoChoices),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', checkHelp)
    .action(async (given: string, { json = false, photos: choice }: CheckOptions) => {
      const progress = new Progress('check');
      const context = {
        signal: interruptSignal('Stopping.'),
        progress: (done: number, total: number | null) => progress.report(done, total),
      };
      const checked = await withProject(given, async (database, projects) => {
        const check = () => checkPhotos(database, imagesOf(database), { everyByte: true }, context);
        const imageIds = choice ? (await check()).map(({ imageId }) => imageId) : [];
        const settled = choice ? await settlePhotos(database, { imageIds, choice }, context) : null;
        return {
          ...projects.summary(),
          problems: await findProblems(database, context.signal),
          photos: await check(),
          ...(settled && { settled: settled.changed }),
        };
      }).finally(() => progress.end());
      printResult(json, checked, () =>
        [
          `${checked.file}: ${count(checked.images, 'image')}, ${count(checked.annotations, 'annotation')}`,
          ...checked.problems,
          ...(checked.settled === undefined
            ? []
            : [`changed photos taken over (${choice}): ${count(checked.settled, 'image')}`]),
          ...listNotes('differs:', checked.photos),
          ...(checked.problems.length + checked.photos.length === 0 ? ['no problems found'] : []),
        ].join('\n'),
      );
      if (checked.problems.length > 0) {
        note('pixelsail: restore a backup, or recover the readable records with `rescue`.');
        process.exitCode = exitCodes.badProject;
      } else if (checked.photos.length > 0) {
        process.exitCode = exitCodes.someLeftOut;
      }
    });

  program
    .command('rescue')
    .description('recover the readable records of a damaged or changed project into a new one')
    .argument('<project>', 'project file or its folder; it is not changed')
    .argument('<file>', 'file of the new project')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nValid records are copied. The history is not copied, so the new project starts without undo.',
    )
    .action(async (given: string, file: string, { json = false }: JsonOption) => {
      const order = {
        file: locateProject(given),
        target: await newOutput(resolve(file), 'project'),
      };
      const signal = interruptSignal('Stopping; no new project is made.');
      const { report } = await runJob(rescueProject, order, { label: 'rescue', signal });
      printResult(json, report, () =>
        [
          `Made the project ${report.file}: ${count(report.categories, 'category', 'categories')}, ` +
            `${count(report.images, 'image')}, ${count(report.annotations, 'annotation')}`,
          ...listLeftOut(report.leftOut),
        ].join('\n'),
      );
      if (report.leftOut.length > 0) process.exitCode = exitCodes.someLeftOut;
    });

  program
    .command('backup')
    .description('write a consistent copy of a project')
    .argument('<project>', 'project file, or the folder that holds it')
    .argument('[file]', 'the copy (default: beside the project, named by the time)')
    .option('--json', 'print JSON')
    .action(async (given: string, file: string | undefined, { json = false }: JsonOption) => {
      const backup = await withProject(given, async (database, projects) => {
        if (file === undefined) return projects.backup();
        const target = await newOutput(file, 'project');
        await database.backup(target);
        return { file: target };
      });
      printResult(json, backup, () => `Wrote the backup ${backup.file}`);
    });
}

/** In another thread: while it reads a large project, this one hears Ctrl-C. */
async function findProblems(database: ProjectDatabase, signal: AbortSignal): Promise<string[]> {
  const problems = await unlessCancelled(database.read('check', null), signal);
  return problems.map(({ message }) => message);
}

async function initProject(
  folder: string,
  { name, as: purpose, from, images, drafts }: InitOptions,
): Promise<{ readonly project: ProjectSummary; readonly drafted: DraftReport | null }> {
  await requireFreePlace(resolve(folder, 'project'), folder);
  const dataset =
    from === undefined ? null : { path: resolve(from), ...(images && { images: resolve(images) }) };
  // Import errors are reported before the project is created.
  if (dataset) {
    await requireDataset(dataset);
    const { formats } = await detectDataset(dataset.path);
    if (formats.length === 0) {
      const known = describeFormats().map(({ id }) => id);
      throw datasetFailure('dataset-invalid', 'datasetFormatUnknown', {
        path: from!,
        formats: known,
      });
    }
  }
  const projects = new Projects(userDataFolder());
  const project = await projects.create(folder, name ?? basename(resolve(folder)));
  projects.require().changeSettings({ purpose });
  await projects.close();
  if (!dataset) return { project, drafted: null };
  const tasks = purpose === 'perbench' && drafts ? undefined : [];
  const drafted = await runJob(
    draftItems,
    { from: dataset, ...(tasks && { tasks }) },
    {
      project: project.file,
      label: 'init',
      signal: interruptSignal('Stopping; what was imported is kept.'),
    },
  );
  return { project, drafted };
}

function* imagesOf(database: ProjectDatabase): Generator<ImageRecord> {
  for (const { image } of database.exportImages()) yield image;
}
