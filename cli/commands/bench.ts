import { join } from 'node:path';
import type { Command } from 'commander';
import type { ModelRequest } from '../../core/prompt.ts';
import { decodeImage } from '../../models/image/decode.ts';
import type { Model } from '../../models/model.ts';
import type { RgbImage } from '../../models/image/rgb-image.ts';
import { askModel } from '../../models/ask-model.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../model.ts';
import { parseRounds } from '../numbers.ts';
import { printResult, table } from '../output.ts';

const samplePhoto = join(import.meta.dirname, '..', '..', 'demo', 'photos', 'pavilion.jpg');

interface BenchOptions extends ModelOptions {
  readonly image: string;
  readonly rounds: number;
  readonly json?: boolean;
}

/** Medians over the rounds. */
interface Speeds {
  readonly encodeMs: number;
  readonly textPromptMs: number;
  readonly visualPromptMs: number;
  readonly tokensPerSecond: number;
}

/** `bench`: how fast a model answers on this machine. */
export function addBenchCommand(program: Command): void {
  const command = program
    .command('bench')
    .description('measure the speed of a model on this machine')
    .option('--image <file>', 'photo for the prompts', samplePhoto)
    .option('--rounds <number>', 'rounds of each measurement', parseRounds, 10);
  addModelOptions(command)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nComparisons with PyTorch and bare session.run: npm run bench')
    .action(async (options: BenchOptions) => {
      const image = await decodeImage(options.image);
      const model = await openModel(options);
      try {
        const speeds = await measure(model, image, options.rounds);
        const { id, precision } = model.manifest;
        const result = { model: id, precision, ...speeds, device: model.device };
        printResult(options.json ?? false, result, () => inWords(result));
      } finally {
        await model.dispose();
      }
    });
}

async function measure(model: Model, image: RgbImage, rounds: number): Promise<Speeds> {
  const { width, height } = image;
  const text: ModelRequest = { task: 'segment', text: 'building', regions: [] };
  const encode: number[] = [];
  const textPrompt: number[] = [];
  const visualPrompt: number[] = [];
  let [tokens, generateMs] = [0, 0];
  for (let round = -1; round < rounds; round++) {
    // A key of its own keeps a round from using what an earlier one has encoded.
    const fresh = { ...image, key: `${image.key} ${round}` };
    const encodeMs = await time(() => model.prepare(fresh));
    const textMs = await time(() => askModel(model, fresh, text));
    const box: [number, number, number, number] = [width / 4, height / 4, width / 2, height / 2];
    const marked: ModelRequest = {
      task: 'segment',
      text: null,
      regions: [{ marks: [{ kind: 'box', box }] }],
    };
    const visualMs = await time(() => askModel(model, fresh, marked));
    // The first round warms up.
    if (round < 0) continue;
    encode.push(encodeMs);
    textPrompt.push(textMs);
    visualPrompt.push(visualMs);
    for await (const event of model.answer(fresh, { task: 'describe', regions: [] })) {
      if (event.kind === 'token') tokens++;
      if (event.kind === 'result') generateMs += event.result.timings['generate'] ?? 0;
    }
  }
  return {
    encodeMs: median(encode),
    textPromptMs: median(textPrompt),
    visualPromptMs: median(visualPrompt),
    tokensPerSecond: generateMs > 0 ? (1000 * tokens) / generateMs : 0,
  };
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function inWords(
  result: Speeds & { model: string; precision: string; device: Model['device'] },
): string {
  return [
    `${result.model} (${result.precision}) on ${describeDevice(result.device)}`,
    table([
      ['image encode', `${result.encodeMs.toFixed(1)} ms`],
      ['text prompt to mask, image encoded', `${result.textPromptMs.toFixed(1)} ms`],
      ['visual prompt to mask', `${result.visualPromptMs.toFixed(1)} ms`],
      ['words', `${result.tokensPerSecond.toFixed(0)} tokens/s`],
    ]),
  ].join('\n');
}
