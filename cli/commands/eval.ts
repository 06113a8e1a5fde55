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
import { parsePositiveInteger } from '../numbers.ts';
import { count, duration, listLeftOut, printResult } from '../output.ts';

interface EvalOptions extends ModelOptions {
  readonly coco: readonly string[];
  readonly images: string;
  readonly prompt: EvaluationInput['prompt'];
  readonly limit?: number;
  readonly split?: string;
  readonly save?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const evalHelp = `
The prompt comes from each ground-truth object: its tight box, its deepest inside point, three clicks (each at the deepest
point of the larger error, or "not this"), a stroke inside it, or its category's name (the target is then everything of
that category in the image); mcq and describe get its mask; everything asks once for each photo, as \`segment --everything\`
does, and counts the objects of 32 x 32 pixels or more that are found; presence asks for a name that is in the photo and for
one of the file's that is not (N-acc.: absent names without a mask; T-acc.: present ones with one). Crowds are left out.
Baselines do not use the model; GrabCut needs OpenCV in the Python that PIXELSAIL_PYTHON names. miou: mean IoU; ciou: all
intersections over all unions; giou: mean IoU in which an empty answer to an empty target counts 1. Descriptions are compared by
METEOR, without synonyms, with a template of category, colour and neighbour. Several files give one table, with the mean over them.`;

/** `eval`: a model's quality on COCO datasets, with baselines beside it. */
export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('measure a model on COCO datasets, with baselines beside it')
    .requiredOption('--coco <file...>', 'COCO files with masks')
    .requiredOption('--images <dir>', 'folder that their file names are relative to')
    .addOption(
      new Option('--prompt <kind>', 'what is given to the model')
        .choices(evaluationPrompts)
        .makeOptionMandatory(),
    )
    .option(
      '--limit <number>',
      'at most this many of each file, spread evenly',
      parsePositiveInteger,
    )
    .option('--split <name>', 'only images whose "split" is this')
    .option(
      '--save <file>',
      'write all scores and masks as JSON, for models/training/score/gallery.py',
    )
    .option('--overwrite', 'replace a file that holds no saved scores');
  addModelOptions(command)
    .option('--json', 'print all scores as JSON, without masks')
    .addHelpText('after', evalHelp)
    .action(evaluateOn);
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
