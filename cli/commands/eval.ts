import { Option, type Command } from 'commander';
import type { MaskScores } from '../../core/metrics.ts';
import { readEvaluationDataset, spreadTargets, uniteByCategory } from '../evaluation/dataset.ts';
import { evaluateMasks, type MaskEvaluation } from '../evaluation/evaluate-masks.ts';
import {
  evaluateChoices,
  evaluateDescriptions,
  type WordEvaluation,
} from '../evaluation/evaluate-words.ts';
import { Answerer } from '../evaluation/evaluation.ts';
import { maskPrompts, type MaskPrompt } from '../evaluation/prompts.ts';
import { interruptSignal } from '../interrupt.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../model.ts';
import { parsePositiveInteger } from '../numbers.ts';
import { count, duration, listLeftOut, printResult, table } from '../output.ts';
import { Progress } from '../progress.ts';

const wordPrompts = ['mcq', 'describe'] as const;

interface EvalOptions extends ModelOptions {
  readonly coco: string;
  readonly images: string;
  readonly prompt: MaskPrompt | (typeof wordPrompts)[number];
  readonly limit?: number;
  readonly split?: string;
  readonly json?: boolean;
}

const evalHelp = `
The prompt comes from each ground-truth object: its tight box, its deepest inside point, a stroke inside it, or its
category's name (the target is then everything of that category in the image); mcq and describe get its mask. Crowds are
left out. Baselines answer without looking at the image. miou: mean IoU; ciou: all intersections over all unions;
giou: mean IoU in which an empty answer to an empty target counts 1.`;

/** `eval`: a model's quality on a COCO dataset, with baselines beside it. */
export function addEvalCommand(program: Command): void {
  const command = program
    .command('eval')
    .description('measure a model on a COCO dataset, with baselines beside it')
    .requiredOption('--coco <file>', 'COCO file with masks')
    .requiredOption('--images <dir>', 'folder that its file names are relative to')
    .addOption(
      new Option('--prompt <kind>', 'what is given to the model')
        .choices([...maskPrompts, ...wordPrompts])
        .makeOptionMandatory(),
    )
    .option('--limit <number>', 'at most this many, spread evenly', parsePositiveInteger)
    .option('--split <name>', 'only images whose "split" is this');
  addModelOptions(command)
    .option('--json', 'print JSON')
    .addHelpText('after', evalHelp)
    .action(evaluate);
}

async function evaluate(options: EvalOptions): Promise<void> {
  const { coco, images, prompt, split = null } = options;
  const dataset = await readEvaluationDataset(coco, images, split);
  const all = prompt === 'text' ? uniteByCategory(dataset.targets) : dataset.targets;
  const targets = spreadTargets(all, options.limit ?? null);
  const model = await openModel(options);
  const progress = new Progress(`eval ${prompt}`);
  const answerer = new Answerer(model, interruptSignal('Stopping.'), (done, total) =>
    progress.report(done, total),
  );
  const startedAtMs = performance.now();
  try {
    const scores =
      prompt === 'mcq'
        ? await evaluateChoices(targets, dataset.categories, answerer)
        : prompt === 'describe'
          ? await evaluateDescriptions(targets, answerer)
          : await evaluateMasks(prompt, targets, answerer);
    progress.end();
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { manifest, hash, device } = model;
    const result = {
      ...scores,
      prompt,
      split,
      skipped: dataset.skipped,
      seconds,
      model: { id: manifest.id, version: manifest.version, hash },
      device,
    };
    printResult(options.json ?? false, result, () =>
      [
        `${manifest.id} ${manifest.version}, ${prompt} on ${coco}${split ? `, ${split}` : ''}: ` +
          `${count(result.count, 'target')} in ${duration(1000 * seconds)}`,
        'miou' in scores ? maskTable(scores) : wordTable(scores),
        ...listLeftOut(dataset.skipped, 5),
        `device ${describeDevice(device)}`,
      ].join('\n'),
    );
  } finally {
    await model.dispose();
  }
}

function maskTable(scores: MaskEvaluation): string {
  const row = (name: string, { count: number, miou, ciou, giou }: MaskScores) => [
    name,
    String(number),
    ...[miou, ciou, giou].map((value) => value.toFixed(3)),
  ];
  return table([
    ['', 'count', 'mIoU', 'cIoU', 'gIoU'],
    row('model', scores),
    ...Object.entries(scores.sizes).map(([size, values]) => row(`  ${size}`, values)),
    ...Object.entries(scores.baselines).map(([name, values]) => row(name, values)),
  ]);
}

function wordTable(scores: WordEvaluation): string {
  return table([
    ['', 'accuracy'],
    ['model', scores.accuracy.toFixed(3)],
    ...Object.entries(scores.baselines).map(([name, { accuracy }]) => [name, accuracy.toFixed(3)]),
  ]);
}
