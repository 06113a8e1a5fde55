import type { Projects } from '../../app/features/project/projects.ts';
import { Option, type Command } from 'commander';
import {
  annotateBatch,
  describeTask,
  type BatchReport,
} from '../../app/features/annotation/batch-annotation.ts';
import type { BatchTask } from '../../app/features/annotation/batch-questions.ts';
import { AppError } from '../../core/errors.ts';
import { defaultPointsPerSide, type DeviceReport } from '../../core/prompt.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { InProcessBatchModel } from '../batch-model.ts';
import { readCocoBoxes, type LeftOut } from '../coco-boxes.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../model.ts';
import { parsePointsPerSide, parseShare } from '../numbers.ts';
import { count, duration, listLeftOut, note, printResult } from '../output.ts';
import { Progress } from '../progress.ts';
import { splitList } from '../split-list.ts';
import { addPersonOption, withProject } from '../project.ts';

interface AnnotateOptions extends ModelOptions {
  readonly by?: string;
  readonly categories?: string;
  readonly text?: string;
  readonly category?: string;
  readonly boxes?: string;
  readonly everything?: boolean;
  readonly grid: number;
  readonly minScore: number;
  readonly reviewed?: boolean;
  readonly json?: boolean;
}

interface AnnotateResult extends BatchReport {
  readonly task: string;
  readonly skipped: readonly LeftOut[];
  readonly seconds: number;
  readonly device: DeviceReport;
}

const tasks = ['categories', 'text', 'boxes', 'everything'] as const;

const annotateHelp = `
Give one of --categories, --text, --boxes and --everything. A name with a comma in it stands in double quotes:
--categories '"light, red",dog'. Masks are added with the model's provenance; what is in the
project already is never changed, and an object that it holds already is not added again. Ctrl-C keeps what is done; the
same command goes on from there. One undo in the window takes the whole run back.`;

/** `annotate`: a model's masks for every image of a project. */
export function addAnnotateCommand(program: Command): void {
  const command = program
    .command('annotate')
    .description("add a model's masks to every image of a project")
    .argument('<project>', 'project file, or the folder that holds it')
    .option('--categories <a,b,...>', 'a mask for each category that is in the image')
    .option('--text <words>', 'masks for an expression')
    .option('--category <name>', 'category of the masks of --text or --everything')
    .option('--boxes <coco.json>', 'a mask for each box of a COCO file')
    .option('--everything', 'masks for a grid of points, repetitions removed, best first')
    .addOption(
      new Option('--grid <number>', 'points on each side of that grid')
        .argParser(parsePointsPerSide)
        .default(defaultPointsPerSide),
    )
    .addOption(
      new Option('--min-score <number>', 'leave out masks with a lower score')
        .argParser(parseShare)
        .default(0),
    )
    .option('--reviewed', 'also images that a person has marked as done or empty');
  addModelOptions(addPersonOption(command))
    .option('--json', 'print JSON')
    .addHelpText('after', annotateHelp)
    .action(async (given: string, options: AnnotateOptions) => {
      requireOneTask(command, options);
      await annotate(given, options);
    });
}

async function annotate(given: string, options: AnnotateOptions): Promise<void> {
  const work = async (database: ProjectDatabase, projects: Projects) => {
    await projects.backupBeforeLargeStep();
    return annotateProject(database, options);
  };
  const result = await withProject(given, work, options.by);
  printResult(options.json ?? false, result, () => inWords(result));
  if (!result.isComplete) {
    note(`Stopped. To go on, run the same command again: ${commandLine()}`);
    process.exitCode = exitCodes.interrupted;
  } else if (result.failed.length + result.skipped.length > 0) {
    process.exitCode = exitCodes.someLeftOut;
  }
}

function requireOneTask(command: Command, options: AnnotateOptions): void {
  const given = tasks.filter((task) => options[task] !== undefined);
  const found = given.length === 0 ? 'none' : given.map((task) => `--${task}`).join(' and ');
  if (given.length !== 1) {
    command.error(
      `error: give one of ${tasks.map((task) => `--${task}`).join(', ')}; found ${found}.`,
    );
  }
  if (options.category !== undefined && (options.categories ?? options.boxes) !== undefined) {
    command.error(`error: --category goes with --text or --everything; ${found} names its own.`);
  }
}

async function annotateProject(
  database: ProjectDatabase,
  options: AnnotateOptions,
): Promise<AnnotateResult> {
  const { task, skipped } = await readTask(database, options);
  const model = await openModel(options);
  const progress = new Progress(`annotate with ${describeTask(task)}`);
  const startedAtMs = performance.now();
  try {
    const report = await annotateBatch(database, new InProcessBatchModel(model), task, {
      includesReviewed: options.reviewed ?? false,
      minimumScore: options.minScore,
      signal: interruptSignal('Stopping after this image; what is done is kept.'),
      progress: (done, total) => progress.report(done, total),
    });
    const seconds = (performance.now() - startedAtMs) / 1000;
    return { ...report, task: describeTask(task), skipped, seconds, device: model.device };
  } finally {
    progress.end();
    await model.dispose();
  }
}

async function readTask(
  database: ProjectDatabase,
  { categories, text, boxes, grid, ...options }: AnnotateOptions,
): Promise<{ task: BatchTask; skipped: readonly LeftOut[] }> {
  const category = options.category ?? null;
  if (boxes !== undefined) {
    const read = await readCocoBoxes(database, boxes);
    return { task: { kind: 'boxes', boxes: read.boxes }, skipped: read.skipped };
  }
  if (text !== undefined) {
    return { task: { kind: 'text', text, category }, skipped: [] };
  }
  if (categories !== undefined) {
    const names = splitList(categories);
    if (names.length > 0) return { task: { kind: 'categories', names }, skipped: [] };
    throw new AppError('invalid-input', '--categories needs names with commas between.');
  }
  return { task: { kind: 'everything', pointsPerSide: grid, category }, skipped: [] };
}

function inWords(result: AnnotateResult): string {
  const { images, annotations, withoutMask, repeated, doneBefore, reviewed, seconds } = result;
  const rate = images > 0 ? `, ${(images / seconds).toFixed(1)} images a second` : '';
  const passedOver = [
    ...(withoutMask ? [`${withoutMask} without a mask`] : []),
    ...(repeated ? [`${count(repeated, 'mask')} left out as already there`] : []),
    ...(doneBefore ? [`${count(doneBefore, 'image')} done before`] : []),
    ...(reviewed ? [`${count(reviewed, 'image')} left to the person who reviewed them`] : []),
  ];
  return [
    `Annotated ${count(images, 'image')} with ${result.task}: ${count(annotations, 'annotation')} in ${duration(1000 * seconds)}${rate}`,
    ...(passedOver.length > 0 ? [`  ${passedOver.join(', ')}`] : []),
    ...listLeftOut([...result.failed, ...result.skipped]),
    `  device ${describeDevice(result.device)}`,
  ].join('\n');
}

/** The command as it was typed, quoted for a shell. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  });
  return ['pixelsail', ...words].join(' ');
}
