import { basename, extname } from 'node:path';
import { Option, type Command } from 'commander';
import type { Overlap } from '../../core/geometry/rle.ts';
import { deviceKinds, type DeviceKind } from '../../core/prompt.ts';
import { decodeImage } from '../../models/image/decode.ts';
import type { Model } from '../../models/model.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { spreadTargets, uniteByCategory } from '../../models/evaluation/targets.ts';
import { readEvaluationDataset } from '../../app/features/evaluation/dataset.ts';
import { answerTarget } from '../../models/evaluation/evaluate-masks.ts';
import { Answerer, askOf } from '../../models/evaluation/evaluation.ts';
import {
  cumulativeIou,
  meanIou,
  meanOverSets,
  pairedDifference,
  type Difference,
  type SetStatistic,
} from '../../core/scores/paired-difference.ts';
import { maskPrompts, type MaskPrompt } from '../../models/evaluation/prompts.ts';
import { markdownTable } from '../../app/features/evaluation/set-table.ts';
import { describeDevice, openModel } from '../model.ts';
import { parsePositiveInteger, parseThreads } from '../numbers.ts';
import { count, printResult } from '../output.ts';
import { Progress } from '../progress.ts';

interface CompareOptions {
  readonly model: readonly string[];
  readonly coco: readonly string[];
  readonly images: string;
  readonly prompt: readonly MaskPrompt[];
  readonly limit?: number;
  readonly split?: string;
  readonly device: 'auto' | DeviceKind;
  readonly threads?: number;
  readonly json?: boolean;
}

const compareHelp = `
All packages get the same targets. The table has the size of each package, its time to encode a photo, its mean scores over
the files, and their difference to the first package with a 95 % bootstrap interval over the targets. Use it for variants of
one model: precisions, manifest settings, versions.`;

/** `compare`: scores several packages on the same targets. */
export function addCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('score several model packages on the same targets')
    .requiredOption('--model <folder...>', 'packages; the first one is the reference')
    .requiredOption('--coco <file...>', 'COCO files with masks')
    .requiredOption('--images <dir>', 'folder of the images of these files')
    .addOption(
      new Option('--prompt <kind...>', 'kinds of prompts')
        .choices(maskPrompts)
        .default(['box', 'text']),
    )
    .option(
      '--limit <number>',
      'maximum number of targets per file and prompt',
      parsePositiveInteger,
    )
    .option('--split <name>', 'only images of this split')
    .addOption(
      new Option('--device <device>', 'where to run')
        .choices(['auto', ...deviceKinds])
        .default('auto'),
    )
    .option('--threads <number>', 'threads on the CPU', parseThreads)
    .option('--json', 'print JSON')
    .addHelpText('after', compareHelp)
    .action(compare);
}

/** The scores of one package for one prompt. */
interface PromptScores {
  readonly miou: number;
  readonly ciou: number;
  /** From the first package; null for that itself. */
  readonly difference: { readonly miou: Difference; readonly ciou: Difference } | null;
}

interface PackageScores {
  readonly id: string;
  readonly version: string;
  readonly precision: string;
  readonly megabytes: number;
  readonly encodeMs: number;
  readonly prompts: Readonly<Partial<Record<MaskPrompt, PromptScores>>>;
}

async function compare(options: CompareOptions): Promise<void> {
  const models: Model[] = [];
  try {
    for (const model of options.model) models.push(await openModel({ ...options, model }));
    const results = await scorePackages(models, options);
    printResult(options.json ?? false, results, () =>
      [
        compareTable(results.packages),
        `${count(results.targets, 'target')}, ${options.prompt.join(' and ')} together; ` +
          `device ${describeDevice(models[0]!.device)}`,
      ].join('\n'),
    );
  } finally {
    for (const model of models) await model.dispose();
  }
}

async function scorePackages(
  models: readonly Model[],
  options: CompareOptions,
): Promise<{ packages: PackageScores[]; targets: number }> {
  const encodeMs = await encodeTimes(models, options);
  const prompts: Partial<Record<MaskPrompt, PromptScores>>[] = models.map(() => ({}));
  let targets = 0;
  for (const prompt of options.prompt) {
    const [reference, ...others] = await overlapsOf(models, prompt, options);
    targets += reference!.flat().length;
    for (const [index, sets] of [reference!, ...others].entries()) {
      const mean = (of: SetStatistic) => meanOverSets(sets, of);
      const difference = (of: SetStatistic) => pairedDifference(sets, reference!, of);
      prompts[index]![prompt] = {
        miou: mean(meanIou),
        ciou: mean(cumulativeIou),
        difference:
          index === 0 ? null : { miou: difference(meanIou), ciou: difference(cumulativeIou) },
      };
    }
  }
  const packages = models.map(({ manifest }, index) => ({
    id: manifest.id,
    version: manifest.version,
    precision: manifest.precision,
    megabytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
    encodeMs: encodeMs[index]!,
    prompts: prompts[index]!,
  }));
  return { packages, targets };
}

/** How the answers of each model to the same targets lie over them: by model, file and target. */
async function overlapsOf(
  models: readonly Model[],
  prompt: MaskPrompt,
  { coco, images, split, limit }: CompareOptions,
): Promise<Overlap[][][]> {
  const overlaps: Overlap[][][] = models.map(() => []);
  for (const file of coco) {
    const { targets } = await readEvaluationDataset(file, images, split ?? null);
    const all = prompt === 'text' ? uniteByCategory(targets) : targets;
    const chosen = spreadTargets(all, limit ?? null);
    for (const [index, model] of models.entries()) {
      const name = `${prompt} on ${basename(file, extname(file))}, model ${index + 1}`;
      const progress = new Progress(name);
      const report = (done: number, total: number) => progress.report(done, total);
      const found: Overlap[] = [];
      await new Answerer(askOf(model), {}, report).forEach(chosen, async (target, asked) => {
        found.push((await answerTarget(prompt, target, asked)).at(-1)!);
      });
      overlaps[index]!.push(found);
      progress.end();
    }
  }
  return overlaps;
}

const encodeRounds = 12;

/**
 * Median milliseconds to encode a photo; the models take turns, so that other work slows all of
 * them alike.
 */
async function encodeTimes(
  models: readonly Model[],
  { coco, images, split }: CompareOptions,
): Promise<number[]> {
  const { targets } = await readEvaluationDataset(coco[0]!, images, split ?? null);
  const photo = await decodeImage(targets[0]!.image.file);
  const times: number[][] = models.map(() => []);
  for (let round = 0; round < encodeRounds; round++) {
    for (const [index, model] of models.entries()) {
      const fresh: RgbImage = { ...photo, key: `${photo.key} ${round}` };
      const startedAtMs = performance.now();
      await model.prepare(fresh);
      times[index]!.push(performance.now() - startedAtMs);
    }
  }
  return times.map((values) => values.sort((a, b) => a - b)[encodeRounds / 2]!);
}

function compareTable(packages: readonly PackageScores[]): string {
  const kinds = Object.keys(packages[0]!.prompts) as MaskPrompt[];
  const rows = packages.map(({ id, version, precision, megabytes, encodeMs, prompts }) => [
    `${id} ${version}`,
    precision,
    megabytes.toFixed(1),
    `${encodeMs.toFixed(0)} ms (${(encodeMs / packages[0]!.encodeMs).toFixed(2)} x)`,
    ...kinds.flatMap((kind) => {
      const { miou, ciou, difference } = prompts[kind]!;
      return [
        miou.toFixed(3) + describe(difference?.miou),
        ciou.toFixed(3) + describe(difference?.ciou),
      ];
    }),
  ]);
  const names = kinds.flatMap((kind) => [`${kind} mIoU`, `${kind} cIoU`]);
  return markdownTable([['package', 'weights', 'MB', 'encode', ...names], ...rows]);
}

function describe(difference: Difference | undefined): string {
  if (difference === undefined) return '';
  const signed = (value: number) => (value < 0 ? '' : '+') + value.toFixed(3);
  const { value, low, high } = difference;
  return ` (${signed(value)}; ${signed(low)} to ${signed(high)})`;
}
