import { Option, type Command } from 'commander';
import {
  evaluationPrompts,
  type EvaluationInput,
  type SetScores,
} from '../../app/features/evaluation/evaluate-datasets.ts';
import { columnsOf, setTable } from '../../app/features/evaluation/set-table.ts';
import { evaluate, type EvaluationResult } from '../../app/jobs/kinds/evaluate.ts';
import { reliabilityTable, scoreTable } from '../evaluation/score-tables.ts';
import { absolutePath } from '../absolute-path.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { addModelOptions, describeDevice, locateModel, type ModelOptions } from '../model.ts';
import { collectIou, parsePositiveInteger } from '../numbers.ts';
import { count, duration, listLeftOut, printResult } from '../output.ts';

interface EvalOptions extends ModelOptions {
  readonly coco: readonly string[];
  readonly images: string;
  readonly prompt: EvaluationInput['prompt'];
  readonly limit?: number;
  readonly split?: string;
  readonly until?: number[];
  readonly together?: boolean;
  readonly save?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const evalHelp = `
The prompt is derived from each ground-truth object: its tight box, its deepest interior point, three clicks (positive or
negative, each at the deepest point of the larger error), a stroke inside it, or its category name (the target is then all
objects of the category in the image). mcq and describe use its mask. everything runs once per photo, as \`segment --everything\`,
and counts the found objects of at least 32 x 32 pixels. presence prompts with a present and an absent category name per photo
(N-acc.: share of absent names without a mask; T-acc.: share of present names with a mask). With --together, every name is
asked together with all of its file, as \`annotate --categories\` does. Crowds are left out. Baselines do
not use the model; GrabCut needs OpenCV in the Python of PIXELSAIL_PYTHON. miou: mean IoU; ciou: sum of intersections over sum of
unions; giou: mean IoU, with 1 for an empty answer to an empty target. Descriptions are scored by METEOR without synonyms against
a template of category, colour and neighbour. Several files give one table with the mean over the files.`;

/** `eval`: scores a model on COCO datasets, with baselines. */
export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('score a model on COCO datasets, with baselines')
    .requiredOption('--coco <file...>', 'COCO files with masks')
    .requiredOption('--images <dir>', 'folder of the images of these files')
    .addOption(
      new Option('--prompt <kind>', 'kind of prompt')
        .choices(evaluationPrompts)
        .makeOptionMandatory(),
    )
    .option(
      '--limit <number>',
      'maximum number of targets per file, spread evenly',
      parsePositiveInteger,
    )
    .option(
      '--until <iou...>',
      'with clicks: go on until the mask reaches this IoU (at most 20 clicks), and count them',
      collectIou,
    )
    .option(
      '--together',
      'with text and presence: each name is asked together with all of its file',
    )
    .option('--split <name>', 'only images of this split')
    .option(
      '--save <file>',
      'write all scores and masks as JSON, for models/training/score/gallery.py',
    )
    .option('--overwrite', 'replace a file that is not an earlier output of --save');
  addModelOptions(command)
    .option('--json', 'print all scores as JSON, without masks')
    .addHelpText('after', evalHelp)
    .action(async (options: EvalOptions, command: Command) => {
      requireClicksForUntil(command, options);
      requireNamesForTogether(command, options);
      await evaluateOn(options);
    });
}

/** Before the model is looked for: other prompts are answered once. */
function requireClicksForUntil(command: Command, { prompt, until }: EvalOptions): void {
  if (until === undefined || prompt === 'clicks') return;
  command.error(`error: --until counts clicks, but --prompt is ${prompt}: use --prompt clicks.`);
}

function requireNamesForTogether(command: Command, { prompt, together }: EvalOptions): void {
  if (!together || prompt === 'text' || prompt === 'presence') return;
  command.error(
    `error: --together compares names, but --prompt is ${prompt}: use --prompt text or --prompt presence.`,
  );
}

async function evaluateOn(given: EvalOptions): Promise<void> {
  const { json = false, model, coco, images, save, ...options } = given;
  const result = await runJob(
    evaluate,
    {
      ...options,
      coco: coco.map((file) => absolutePath(file)),
      images: absolutePath(images),
      save: absolutePath(save),
      model: await locateModel(model),
    },
    { label: 'eval', signal: interruptSignal('Stopping; no scores are kept.') },
  );
  const { prompt, split, seconds, device, sets, reliability } = result;
  const about = {
    ...(reliability && { reliability }),
    ...{ prompt, split, seconds, model: result.model, device },
  };
  const names = Object.keys(sets);
  const only = names.length === 1 ? sets[names[0]!]! : null;
  const printed = only ? { ...only, ...about } : { ...about, sets };
  printResult(json, printed, () => inWords(given, result, only));
}

function inWords(
  { coco }: EvalOptions,
  { prompt, split, seconds, model, device, reliability, sets }: EvaluationResult,
  only: SetScores | null,
): string {
  const all = Object.entries(sets);
  const total = all.reduce((sum, [, scores]) => sum + scores.count, 0);
  return [
    `${model.id} ${model.version}, ${prompt} on ${coco.join(', ')}${split ? `, ${split}` : ''}: ` +
      `${count(total, prompt === 'everything' ? 'photo' : 'target')} in ${duration(1000 * seconds)}`,
    only ? scoreTable(only) : setTable(all.map(([name, scores]) => [name, columnsOf(scores)])),
    ...(reliability ? [reliabilityTable(reliability)] : []),
    ...all.flatMap(([, { skipped }]) => listLeftOut(skipped, 5)),
    `device ${describeDevice(device)}`,
  ].join('\n');
}
