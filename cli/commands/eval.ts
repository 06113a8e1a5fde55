import { writeFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { hasOrigin, originKey } from '../../app/files/export-origin.ts';
import { writeOutput } from '../../app/files/new-file.ts';
import { outputFile, type OutputRequest } from '../../app/files/output-file.ts';
import type { Model } from '../../models/model.ts';
import { spreadTargets, uniteByCategory } from '../../models/evaluation/targets.ts';
import { readEvaluationDataset, setNames, type EvaluationDataset } from '../evaluation/dataset.ts';
import { evaluateEverything, photosOf } from '../../models/evaluation/evaluate-everything.ts';
import { evaluateMasks } from '../../models/evaluation/evaluate-masks.ts';
import { evaluatePresence } from '../../models/evaluation/evaluate-presence.ts';
import { evaluateChoices, evaluateDescriptions } from '../../models/evaluation/evaluate-words.ts';
import { Answerer } from '../../models/evaluation/evaluation.ts';
import { GrabCut } from '../../models/evaluation/grabcut.ts';
import { maskPrompts, type MaskPrompt } from '../../models/evaluation/prompts.ts';
import { reliabilityOf, type Reliability } from '../../models/evaluation/reliability.ts';
import { reliabilityTable, scoreTable } from '../evaluation/score-tables.ts';
import type { Scores } from '../../models/evaluation/scores.ts';
import { columnsOf, setTable } from '../evaluation/set-table.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../model.ts';
import { parsePositiveInteger } from '../numbers.ts';
import { count, duration, listLeftOut, note, printResult } from '../output.ts';
import { Progress } from '../progress.ts';

const otherPrompts = ['mcq', 'describe', 'everything', 'presence'] as const;

interface EvalOptions extends ModelOptions {
  readonly coco: readonly string[];
  readonly images: string;
  readonly prompt: MaskPrompt | (typeof otherPrompts)[number];
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
        .choices([...maskPrompts, ...otherPrompts])
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
    .action(evaluate);
}

type Evaluation = Scores & { readonly skipped: EvaluationDataset['skipped'] };

async function evaluate(options: EvalOptions): Promise<void> {
  const { prompt, split = null } = options;
  // Whether the scores can be kept is known before they are made.
  if (options.save !== undefined) await outputFile(savedOutput(options.save, options));
  const model = await openModel(options);
  const grabCut = prompt === 'box' ? GrabCut.start() : null;
  if (prompt === 'box' && grabCut === null) {
    note('GrabCut is left out: PIXELSAIL_PYTHON names no Python that can import cv2.');
  }
  const startedAtMs = performance.now();
  const sets = new Map<string, Evaluation>();
  try {
    for (const [file, name] of setNames(options.coco)) {
      sets.set(name, await evaluateFile(file, name, options, model, grabCut));
    }
  } finally {
    grabCut?.end();
    await model.dispose();
  }
  const seconds = (performance.now() - startedAtMs) / 1000;
  const { manifest, hash, device } = model;
  const about = {
    ...reliability([...sets.values()]),
    prompt,
    split,
    seconds,
    model: { id: manifest.id, version: manifest.version, hash },
    device,
  };
  if (options.save !== undefined) {
    const saved = { [originKey]: savedOrigin, ...about, sets: Object.fromEntries(sets) };
    await writeOutput(savedOutput(options.save, options), (draft) =>
      writeFile(draft, JSON.stringify(saved)),
    );
  }
  // JSON has no undefined: the masks of thousands of targets are saved, not printed.
  const printed = [...sets].map(([name, set]) => [name, { ...set, masks: undefined }] as const);
  const only = sets.size === 1 ? [...sets.values()][0]! : null;
  const result = only
    ? { ...printed[0]![1], ...about }
    : { ...about, sets: Object.fromEntries(printed) };
  printResult(options.json ?? false, result, () =>
    [
      `${manifest.id} ${manifest.version}, ${prompt} on ${options.coco.join(', ')}${split ? `, ${split}` : ''}: ` +
        `${count(total(sets), prompt === 'everything' ? 'photo' : 'target')} in ${duration(1000 * seconds)}`,
      only
        ? scoreTable(only)
        : setTable([...sets].map(([name, scores]) => [name, columnsOf(scores)])),
      ...(about.reliability ? [reliabilityTable(about.reliability)] : []),
      ...[...sets.values()].flatMap(({ skipped }) => listLeftOut(skipped, 5)),
      `device ${describeDevice(device)}`,
    ].join('\n'),
  );
}

/** By which saved scores are known again. */
const savedOrigin = { format: 'evaluation' };

function savedOutput(path: string, { coco, overwrite = false }: EvalOptions): OutputRequest {
  return { path, inputs: coco, isOurs: (file) => hasOrigin(file, savedOrigin), overwrite };
}

async function evaluateFile(
  file: string,
  name: string,
  options: EvalOptions,
  model: Model,
  grabCut: GrabCut | null,
): Promise<Evaluation> {
  const { prompt } = options;
  const dataset = await readEvaluationDataset(file, options.images, options.split ?? null);
  const { skipped, frequencies } = dataset;
  const isNamed = prompt === 'text' || prompt === 'presence';
  const all = isNamed ? uniteByCategory(dataset.targets) : dataset.targets;
  const asked = prompt === 'everything' ? photosOf(all) : all;
  const targets = spreadTargets(asked, options.limit ?? null);
  const progress = new Progress(`eval ${prompt} on ${name}`);
  const answerer = new Answerer(model, {}, (done, whole) => progress.report(done, whole));
  try {
    switch (prompt) {
      case 'mcq':
        return { ...(await evaluateChoices(targets, frequencies, answerer)), skipped };
      case 'describe':
        return { ...(await evaluateDescriptions(targets, all, frequencies, answerer)), skipped };
      case 'everything':
        return { ...(await evaluateEverything(targets, all, answerer)), skipped };
      case 'presence':
        return { ...(await evaluatePresence(targets, all, frequencies, answerer)), skipped };
      default:
        return { ...(await evaluateMasks(prompt, targets, answerer, grabCut)), skipped };
    }
  } finally {
    progress.end();
  }
}

function total(sets: ReadonlyMap<string, Evaluation>): number {
  return [...sets.values()].reduce((sum, scores) => sum + scores.count, 0);
}

/** Of masks only. */
function reliability(evaluations: readonly Evaluation[]): { reliability?: Reliability } {
  const estimates = evaluations.flatMap((scores) =>
    'estimates' in scores ? scores.estimates : [],
  );
  return estimates.length === 0 ? {} : { reliability: reliabilityOf(estimates) };
}
