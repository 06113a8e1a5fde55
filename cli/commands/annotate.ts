import { Option, type Command } from 'commander';
import { annotate as annotateJob, type AnnotationResult } from '../../app/jobs/kinds/annotate.ts';
import { AppError } from '../../core/errors.ts';
import { defaultPointsPerSide } from '../../core/prompt.ts';
import { absolutePath } from '../absolute-path.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { addModelOptions, describeDevice, locateModel, type ModelOptions } from '../model.ts';
import { parsePointsPerSide, parseShare } from '../numbers.ts';
import { count, duration, listLeftOut, note, printResult } from '../output.ts';
import { splitList } from '../split-list.ts';
import { addPersonOption } from '../project.ts';

interface AnnotateOptions extends ModelOptions {
  readonly by?: string;
  readonly categories?: string;
  readonly text?: string;
  readonly category?: string;
  readonly boxes?: string;
  readonly everything?: boolean;
  readonly grid: number;
  readonly minScore?: number;
  readonly detector?: string;
  readonly detectorScore?: number;
  readonly best?: boolean;
  readonly splitParts?: boolean;
  readonly reviewed?: boolean;
  readonly redis?: string;
  readonly listen?: string;
  readonly json?: boolean;
}

const tasks = ['categories', 'text', 'boxes', 'everything', 'detector'] as const;

const annotateHelp = `
Give one of --categories, --text, --boxes, --everything and --detector. With --detector, --categories limits its classes. A
detector as --model annotates its own classes, with --everything all of them. Without --min-score, the package of a detector
gives the minimum score; other models keep all masks. Put a name with a comma in double quotes:
--categories '"light, red",dog'. Masks are added with the provenance of the model. Existing annotations do not change, and
objects that are already annotated are not added again. Ctrl-C keeps the finished images; the same command continues from
there. One undo in the window removes the result of the whole run.`;

/** `annotate`: adds masks of a model to every image of a project. */
export function addAnnotateCommand(program: Command): void {
  const command = program
    .command('annotate')
    .description('add masks of a model to every image of a project')
    .argument('<project>', 'project file or its folder')
    .option('--categories <a,b,...>', 'a mask for each category in the image')
    .option('--text <words>', 'masks for an expression')
    .option('--category <name>', 'category of the masks of --text or --everything')
    .option('--boxes <coco.json>', 'a mask for each box of a COCO file')
    .option('--everything', 'masks for a grid of points without duplicates, best first')
    .addOption(
      new Option('--grid <number>', 'points per side of the grid')
        .argParser(parsePointsPerSide)
        .default(defaultPointsPerSide),
    )
    .addOption(
      new Option('--min-score <number>', 'leave out masks with a lower score').argParser(
        parseShare,
      ),
    )
    .option('--detector <model>', 'ask --model about the boxes that this detector finds')
    .addOption(
      new Option('--detector-score <number>', 'leave out boxes with a lower score').argParser(
        parseShare,
      ),
    )
    .option(
      '--best',
      'one category per object: the best mask; the others are offered during the check',
    )
    .option('--split-parts', 'an annotation for each connected part of a mask')
    .option('--reviewed', 'also images marked as done or empty')
    .option('--redis <url>', 'let workers on other machines answer; see `pixelsail worker --help`')
    .option(
      '--listen <host:port>',
      'with --redis: address from which workers get photos and the model (default: workers of this machine only)',
    );
  addModelOptions(addPersonOption(command))
    .option('--json', 'print JSON')
    .addHelpText('after', annotateHelp)
    .action(async (given: string, options: AnnotateOptions) => {
      requireOneTask(command, options);
      requireRedisForListen(command, options);
      await annotate(given, options);
    });
}

async function annotate(given: string, options: AnnotateOptions): Promise<void> {
  const {
    model,
    device,
    threads,
    minScore = null,
    reviewed,
    best,
    splitParts,
    redis,
    listen,
  } = options;
  const result = await runJob(
    annotateJob,
    {
      ...{ task: await taskOf(options), device, threads, minimumScore: minScore },
      model: await locateModel(model),
      includesReviewed: reviewed ?? false,
      overlap: best ? 'best' : 'all',
      splitsParts: splitParts ?? false,
      workers: redis === undefined ? null : { redis, ...(listen !== undefined && { listen }) },
    },
    {
      project: given,
      label: 'annotate',
      by: options.by,
      signal: interruptSignal('Stopping after this image; finished images are kept.'),
    },
  );
  printResult(options.json ?? false, result, () => inWords(result));
  if (!result.isComplete) {
    note(`Stopped. To continue, run the same command again: ${commandLine()}`);
    process.exitCode = exitCodes.interrupted;
  } else if (result.failed.length + result.skipped.length > 0) {
    process.exitCode = exitCodes.someLeftOut;
  }
}

function requireOneTask(command: Command, options: AnnotateOptions): void {
  const isOfDetector = options.detector !== undefined;
  const given = tasks.filter(
    (task) => options[task] !== undefined && !(isOfDetector && task === 'categories'),
  );
  const found = given.length === 0 ? 'none' : given.map((task) => `--${task}`).join(' and ');
  if (given.length !== 1) {
    command.error(
      `error: give one of ${tasks.map((task) => `--${task}`).join(', ')}; found ${found}.`,
    );
  }
  if (options.category !== undefined && (options.categories ?? options.boxes) !== undefined) {
    command.error(
      `error: --category needs --text or --everything; ${found} has its own categories.`,
    );
  }
}

function requireRedisForListen(command: Command, { redis, listen }: AnnotateOptions): void {
  if (listen === undefined || redis !== undefined) return;
  command.error('error: --listen needs --redis: only workers get files from this machine.');
}

/** The task of the job, from the options. */
async function taskOf({ categories, text, boxes, grid, ...options }: AnnotateOptions) {
  const category = options.category ?? null;
  if (options.detector !== undefined) {
    const { detectorScore = null } = options;
    const detector = await locateModel(options.detector);
    return { kind: 'detected', detector, detectorScore, names: splitList(categories ?? '') };
  }
  if (boxes !== undefined) return { kind: 'boxes', file: absolutePath(boxes) };
  if (text !== undefined) return { kind: 'text', text, category };
  if (categories === undefined) return { kind: 'everything', pointsPerSide: grid, category };
  const names = splitList(categories);
  if (names.length > 0) return { kind: 'categories', names };
  throw new AppError('invalid-input', '--categories needs comma-separated names.');
}

function inWords(result: AnnotationResult): string {
  const { images, annotations, withoutMask, repeated, doneBefore, reviewed, seconds } = result;
  const rate = images > 0 ? `, ${(images / seconds).toFixed(1)} images a second` : '';
  const passedOver = [
    ...(withoutMask ? [`${withoutMask} without a mask`] : []),
    ...(repeated ? [`${count(repeated, 'mask')} left out as duplicates`] : []),
    ...(doneBefore ? [`${count(doneBefore, 'image')} done before`] : []),
    ...(reviewed ? [`${count(reviewed, 'image')} skipped as reviewed`] : []),
  ];
  return [
    `Annotated ${count(images, 'image')} with ${result.task}: ${count(annotations, 'annotation')} in ${duration(1000 * seconds)}${rate}`,
    ...(passedOver.length > 0 ? [`  ${passedOver.join(', ')}`] : []),
    ...listLeftOut([...result.failed, ...result.skipped]),
    `  device ${describeDevice(result.device)}`,
  ].join('\n');
}

/** The typed command, quoted for a shell. */
function commandLine(): string {
  const words = process.argv.slice(2).map((word) => {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
  });
  return ['pixelsail', ...words].join(' ');
}
