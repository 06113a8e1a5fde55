import { basename, extname, join } from 'node:path';
import type { Command } from 'commander';
import { writeDurably } from '../../app/files/durable-file.ts';
import { rleIou } from '../../core/geometry/rle.ts';
import { readPixelSailManifest } from '../../models/families/pixel-sail/package.ts';
import { manifestFile } from '../../models/package/package.ts';
import type { ScoreWeights } from '../../models/families/pixel-sail/config.ts';
import { maskScore } from '../../models/families/pixel-sail/answer/mask-score.ts';
import type { MaskEvidence } from '../../models/model.ts';
import type { Model } from '../../models/model.ts';
import { spreadTargets, uniteByCategory } from '../../models/evaluation/targets.ts';
import { readEvaluationDataset } from '../../app/features/evaluation/dataset.ts';
import { Answerer, askOf } from '../../models/evaluation/evaluation.ts';
import { fitScore, type Experience } from '../../models/families/pixel-sail/answer/fit-score.ts';
import { promptFor } from '../../models/evaluation/prompts.ts';
import { reliabilityOf, type Reliability } from '../../models/evaluation/reliability.ts';
import { addModelOptions, locateModel, openModel, type ModelOptions } from '../model.ts';
import { parsePositiveInteger } from '../numbers.ts';
import { count, printResult } from '../output.ts';
import { Progress } from '../progress.ts';

const prompts = ['box', 'point', 'scribble', 'text'] as const;

interface CalibrateOptions extends ModelOptions {
  readonly coco: readonly string[];
  readonly images: string;
  readonly limit?: number;
  readonly split?: string;
  readonly write?: boolean;
  readonly json?: boolean;
}

const calibrateHelp = `
Prompts for the objects of the files by ${prompts.join(', ')}, computes the IoU of the masks, and fits the weights of the score
to it. --write stores the weights in the manifest of the package; for a checkpoint, copy them to config.json under
pixel_sail_studio.score. Use photos outside the training data.`;

/** `calibrate`: fits the score of masks to their expected IoU. */
export function addCalibrateCommand(program: Command): void {
  const command = program
    .command('calibrate')
    .description('fit the score of masks to their expected IoU')
    .requiredOption('--coco <file...>', 'COCO files with masks')
    .requiredOption('--images <dir>', 'folder of the images of these files')
    .option(
      '--limit <number>',
      'maximum number of targets per file and prompt',
      parsePositiveInteger,
    )
    .option('--split <name>', 'only images of this split')
    .option('--write', 'store the weights in the manifest of the package');
  addModelOptions(command)
    .option('--json', 'print JSON')
    .addHelpText('after', calibrateHelp)
    .action(calibrate);
}

async function calibrate(options: CalibrateOptions): Promise<void> {
  const directory = await locateModel(options.model);
  const { config } = await readPixelSailManifest(directory);
  const model = await openModel(options);
  const experiences: Experience[] = [];
  try {
    for (const file of options.coco) {
      experiences.push(...(await experiencesWith(model, file, options)));
    }
  } finally {
    await model.dispose();
  }
  const score = fitScore(experiences);
  const before = reliability(experiences, config.pixel_sail_studio.score);
  const after = reliability(experiences, score);
  if (options.write) await writeScore(directory, score);
  printResult(options.json ?? false, { score, before, after, count: experiences.length }, () =>
    [
      `"score": ${JSON.stringify(score)}`,
      `from ${count(experiences.length, 'mask')}; calibration error ${describe(before)} before, ${describe(after)} now`,
      ...(options.write ? ['written into the package'] : []),
    ].join('\n'),
  );
}

function describe({ calibrationError, correlation }: Reliability): string {
  return `${calibrationError.toFixed(3)} (correlation ${correlation.toFixed(2)})`;
}

function reliability(experiences: readonly Experience[], weights?: ScoreWeights): Reliability {
  const estimates = experiences.map(({ evidence, iou }) => {
    return { score: maskScore(evidence, weights), iou };
  });
  return reliabilityOf(estimates);
}

/**
 * The masks that the model makes of a file's objects; answers of several masks or none are left
 * out.
 */
async function experiencesWith(
  model: Model,
  file: string,
  options: CalibrateOptions,
): Promise<Experience[]> {
  const { targets } = await readEvaluationDataset(file, options.images, options.split ?? null);
  const experiences: Experience[] = [];
  let heard: MaskEvidence[] = [];
  const onEvidence = (evidence: MaskEvidence) => heard.push(evidence);
  for (const prompt of prompts) {
    const progress = new Progress(`calibrate by ${prompt} on ${basename(file, extname(file))}`);
    const report = (done: number, total: number) => progress.report(done, total);
    const answerer = new Answerer(askOf(model), { onEvidence }, report);
    const all = prompt === 'text' ? uniteByCategory(targets) : targets;
    const chosen = spreadTargets(all, options.limit ?? null);
    await answerer.forEach(chosen, async (target, { ask }) => {
      heard = [];
      const { answers } = await ask(promptFor(prompt, target));
      const masks = answers.flatMap((answer) => answer.masks);
      const [evidence] = heard;
      if (masks.length !== 1 || heard.length !== 1) return;
      experiences.push({ evidence: evidence!, iou: rleIou(masks[0]!.rle, target.rle) });
    });
    progress.end();
  }
  return experiences;
}

async function writeScore(directory: string, score: ScoreWeights): Promise<void> {
  const path = join(directory, manifestFile);
  const manifest = await readPixelSailManifest(directory);
  const { config } = manifest;
  const studio = { ...config.pixel_sail_studio, score };
  const written = { ...manifest, config: { ...config, pixel_sail_studio: studio } };
  await writeDurably(path, `${JSON.stringify(written, null, 2)}\n`);
}
