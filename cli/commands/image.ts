import { Option, type Command } from 'commander';
import { outputFile } from '../../app/files/output-file.ts';
import {
  defaultPointsPerSide,
  type ModelRequest,
  type ModelResult,
  type RegionPrompt,
} from '../../core/prompt.ts';
import { decodeImage } from '../../models/image/decode.ts';
import { askModel } from '../../models/ask-model.ts';
import { imageStates, type ImageState } from '../../core/records.ts';
import { askProject } from '../ask-project.ts';
import { addModelOptions, describeDevice, openModel, type ModelOptions } from '../model.ts';
import { parsePointsPerSide } from '../numbers.ts';
import { count, duration, printResult } from '../output.ts';
import { maskColor, overlayOutput, writeOverlay } from '../overlay.ts';
import { isProject } from '../project.ts';
import { addRegionOptions } from '../prompt-options.ts';
import { splitList } from '../split-list.ts';

interface ImageOptions extends ModelOptions {
  readonly json?: boolean;
  readonly overlay?: string;
  readonly overwrite?: boolean;
  readonly text?: string;
  readonly everything?: number;
  readonly choices?: string;
  readonly states?: ImageState[];
  readonly save?: string;
}

const regionHelp = `
Marks are read from left to right: each --box and --mask begins a region; a --point or --scribble belongs to the region
before it; --region begins a new region. Coordinates are pixels of the image as shown (EXIF orientation applied).
A text may refer to the regions as <Prompt0>, <Prompt1>, … in their order.`;

/** `segment`, `describe` and `ask`: one prompt on one image. */
export function addImageCommands(program: Command): void {
  const segment = program
    .command('segment')
    .description('print masks for a text or for marks')
    .option('--text <words>', 'a category, an expression or a sentence')
    .addOption(
      new Option('--everything [points]', 'masks for a grid with this many points per side')
        .argParser(parsePointsPerSide)
        .preset(String(defaultPointsPerSide)),
    );
  addImageCommand(segment, ({ text, everything }, regions) => {
    if (everything !== undefined) {
      return { task: 'everything', pointsPerSide: everything, regions: [] };
    }
    if (text === undefined && regions.length === 0) {
      segment.error(
        'error: the prompt is empty. Give --text, --everything, --point, --box, --scribble or --mask.',
      );
    }
    return { task: 'segment', text: text ?? null, regions };
  });

  const describe = program
    .command('describe')
    .description('describe each region, or the whole image');
  addImageCommand(describe, (_, regions) => ({ task: 'describe', regions }));

  const ask = program
    .command('ask')
    .description('answer a question about the image or its regions')
    .requiredOption('--text <question>', 'the question')
    .option('--choices <a,b,...>', 'comma-separated choices')
    .addOption(
      new Option('--states <state...>', 'of a project: only images in these states').choices(
        imageStates,
      ),
    )
    .option('--save <file>', 'of a project: write the answers, one JSON object per line');
  addImageCommand(
    ask,
    ({ text = '', choices, states, save }, regions) => {
      if ((states ?? save) !== undefined) {
        ask.error('error: --states and --save need a project.');
      }
      return { task: 'ask', question: text, choices: splitList(choices), regions };
    },
    async (project, regions, { text = '', choices, overlay, ...options }) => {
      if (regions.length > 0 || overlay !== undefined) {
        ask.error(
          'error: a project is asked about whole images; --overlay and marks need a single image.',
        );
      }
      await askProject(project, { question: text, choices: splitList(choices), ...options });
    },
  );
}

function addImageCommand(
  command: Command,
  toRequest: (options: ImageOptions, regions: RegionPrompt[]) => ModelRequest,
  ofProject?: (project: string, regions: RegionPrompt[], options: ImageOptions) => Promise<void>,
): void {
  command.argument('<image>', ofProject ? 'image file, or a project' : 'image file');
  const regions = addRegionOptions(command);
  addModelOptions(command)
    .option('--overlay <file>', 'write the image with its masks as a PNG')
    .option('--overwrite', 'replace a file that is no overlay (but never an image)')
    .option('--json', 'print JSON')
    .addHelpText('after', regionHelp)
    .action(async (file: string, options: ImageOptions) => {
      const pointed = await regions.read();
      if (ofProject && isProject(file)) await ofProject(file, pointed, options);
      else await answerOnce(file, toRequest(options, pointed), options);
    });
}

async function answerOnce(
  file: string,
  request: ModelRequest,
  options: ImageOptions,
): Promise<void> {
  const { overlay, overwrite = false } = options;
  const output = overlay === undefined ? null : overlayOutput(overlay, file, overwrite);
  // Whether it can be written is known before a model is loaded.
  if (output) await outputFile(output);
  const startedAtMs = performance.now();
  const image = await decodeImage(file);
  const decodeMs = performance.now() - startedAtMs;
  const model = await openModel(options);
  try {
    const result = await askModel(model, image, request);
    const masks = result.answers.flatMap((answer) => answer.masks);
    if (output) {
      await writeOverlay(
        output,
        image,
        masks.map(({ rle }) => rle),
      );
    }
    const { width, height } = image;
    const timings = { decode: decodeMs, ...result.timings };
    const printed = { ...result, timings, image: { file, width, height } };
    printResult(options.json ?? false, printed, () => inWords(file, result, options));
  } finally {
    await model.dispose();
  }
}

function inWords(file: string, result: ModelResult, { overlay }: ImageOptions): string {
  const masks = result.answers.flatMap((answer) => answer.masks);
  const total = duration(result.timings.total ?? 0);
  const lines = [`${file}: ${count(masks.length, 'mask')} in ${total}`];
  for (const { text } of result.answers) if (text) lines.push(`  ${text}`);
  masks.forEach(({ label, region, area, bbox, score }, index) => {
    const name = label ?? (region === null ? `mask ${index + 1}` : `region ${region}`);
    const color = overlay ? `, ${maskColor(index)} in the overlay` : '';
    lines.push(
      `  ${name}: ${count(area, 'pixel')}, box ${bbox.join(',')}, score ${score.toFixed(2)}${color}`,
    );
  });
  lines.push(`  device ${describeDevice(result.device)}`);
  if (overlay) lines.push(`  overlay in ${overlay}`);
  return lines.join('\n');
}
