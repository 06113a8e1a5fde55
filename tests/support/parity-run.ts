import { join } from 'node:path';
import type { DeviceKind } from '../../core/prompt.ts';
import { verifyPixelSailPackage } from '../../models/families/pixel-sail/package.ts';
import { chatPrompt, stopTokens } from '../../models/families/pixel-sail/processor/chat.ts';
import { patchGrid, patchify } from '../../models/families/pixel-sail/processor/patches.ts';
import {
  firstTextPosition,
  imageBlockPositions,
} from '../../models/families/pixel-sail/processor/positions.ts';
import { markedPatches, promptIndex } from '../../models/families/pixel-sail/processor/prompts.ts';
import { resizeBilinear } from '../../models/image/resize.ts';
import { Tokenizer } from '../../models/families/pixel-sail/processor/tokenizer.ts';
import { wholeView } from '../../models/families/pixel-sail/processor/view.ts';
import { generate } from '../../models/families/pixel-sail/network/generate.ts';
import { answerMask } from '../../models/answer/mask-pixels.ts';
import {
  Network,
  type EncodedImage,
  type MaskLogits,
} from '../../models/families/pixel-sail/network/network.ts';
import { greedyChoice } from '../../models/families/pixel-sail/network/sampling.ts';
import { openSessions } from '../../models/onnx/session.ts';
import { stackMasks, type ParityFixture } from './parity-fixture.ts';

type Arrays = Map<string, ArrayLike<number>>;

/** A converted fixture, opened on a device. */
interface Opened {
  readonly fixture: ParityFixture;
  readonly network: Network;
  readonly tokenizer: Tokenizer;
  /** Token ids of a text, and of the image block. */
  readonly special: Readonly<Record<string, number>>;
}

/**
 * Everything that the fixture records and the runtime can show, by the fixture's array names. Not
 * shown are the states inside the graphs: `inputs_embeds`, `hidden_after_layer0`, and `hidden` and
 * `logits` of `<vision>` and `</vision>`.
 */
export function computeParityArrays(
  fixture: ParityFixture,
  packageFolder: string,
  device: DeviceKind,
): Promise<Arrays> {
  return withOpened(fixture, packageFolder, device, computeAll);
}

/**
 * Only what the mask head makes of one teacher-forced pass: `feature_map`, `mask_logits` and
 * `masks`.
 */
export function computeParityMasks(fixture: ParityFixture, packageFolder: string): Promise<Arrays> {
  return withOpened(fixture, packageFolder, 'cpu', async (opened) => {
    const { inputs } = fixture;
    const { patches, marked, grid } = processed(opened);
    const image = await opened.network.encodeImage(patches, marked, grid);
    const forced = await teacherForced(
      opened,
      image,
      answeredIds(opened, inputs.question, inputs.answer),
    );
    const names = new Set(['feature_map', 'mask_logits', 'masks']);
    return new Map([...forced].filter(([name]) => names.has(name)));
  });
}

async function withOpened(
  fixture: ParityFixture,
  packageFolder: string,
  device: DeviceKind,
  compute: (opened: Opened) => Promise<Arrays>,
): Promise<Arrays> {
  const manifest = await verifyPixelSailPackage(packageFolder);
  const { graphs } = manifest;
  const kind = device === 'cpu' ? 'fused' : 'plain';
  const source = {
    directory: packageFolder,
    graphs,
    hash: packageFolder,
    device,
    kind,
    threads: 2,
  } as const;
  const lease = await openSessions(source);
  try {
    const tokenizer = await Tokenizer.read(join(packageFolder, manifest.tokenizer));
    const network = new Network(manifest.config, lease.sessions);
    const special = manifest.config.special_token_ids;
    return await compute({ fixture, network, tokenizer, special });
  } finally {
    await lease.release();
  }
}

/** Arrays of the processor for the image and the prompts, in the order of the fixture. */
function processed({ fixture, network }: Opened) {
  const { config } = network;
  const view = wholeView(fixture.image, { ...config, pixel_sail_studio: {} });
  const grid = patchGrid(view.size, config.patch_size);
  const pixels = resizeBilinear(fixture.image, view.part, view.size);
  const marks = fixture.prompts.map((bitmap) => markedPatches(bitmap, view, config.patch_size));
  const prompts = marks.map((patches, i) => ({ id: fixture.inputs.prompt_ids[i]!, patches }));
  const marked = promptIndex(prompts, grid.rows * grid.columns);
  return { view, grid, marks, marked, patches: patchify(pixels, view.size, config.patch_size) };
}

async function computeAll(opened: Opened): Promise<Arrays> {
  const { fixture, network, special } = opened;
  const { inputs } = fixture;
  const { view, grid, marks, marked, patches } = processed(opened);
  const count = grid.rows * grid.columns;
  const unmarked = promptIndex([], count);
  const withPrompts = await network.encodeImage(patches, marked, grid);
  const without = await network.encodeImage(patches, unmarked, grid);
  const answered = answeredIds(opened, inputs.question, inputs.answer);
  const block = [
    special['<vision>']!,
    ...new Array<number>(count).fill(special['<vpatch>']!),
    special['</vision>']!,
  ];
  const image = imageBlockPositions(grid);
  const text = answered.map((_, index) => firstTextPosition(grid) + index);
  const outside = answered.map(() => -1);
  const textOnly = answeredIds(opened, inputs.text_only_question, inputs.text_only_answer);
  const question = chatPrompt(inputs.question);
  const prefixed = `${question}${inputs.prefix_answer}`;
  return new Map<string, ArrayLike<number>>([
    ['target_hw', [view.size.height, view.size.width]],
    ['patch_grid_hw', [grid.rows, grid.columns]],
    ['patches', patches],
    ['prompt_patch_masks', marks.flatMap((mask) => [...mask])],
    ['input_ids', [...block, ...answered]],
    ['prompt_index', [-1, ...marked, -1, ...outside]],
    ['novp_prompt_index', [-1, ...unmarked, -1, ...outside]],
    ['position_ids:h', [...image.vertical, ...text]],
    ['position_ids:w', [...image.horizontal, ...text]],
    ...(await teacherForcedWithLogits(opened, withPrompts, answered, '')),
    ...(await teacherForcedWithLogits(opened, without, answered, 'novp_')),
    ['text_only_input_ids', textOnly],
    ...(await textOnlyArrays(opened, textOnly)),
    ...(await generation(opened, 'gen', withPrompts, block, question)),
    ...(await generation(opened, 'gen_novp', without, block, question)),
    ...(await generation(opened, 'gen_prefix', withPrompts, block, prefixed)),
  ]);
}

async function teacherForcedWithLogits(
  opened: Opened,
  image: EncodedImage,
  ids: readonly number[],
  prefix: string,
): Promise<[string, ArrayLike<number>][]> {
  const forced = await teacherForced(opened, image, ids);
  forced.set('logits:text', await logitsOfAll(opened.network, ids, image));
  return [...forced].map(([name, values]) => [`${prefix}${name}`, values]);
}

function answeredIds({ tokenizer, special }: Opened, question: string, answer: string): number[] {
  return [...tokenizer.encode(chatPrompt(question, answer)), special['<|endoftext|>']!];
}

/** One pass over image block, question and answer. */
async function teacherForced(
  opened: Opened,
  image: EncodedImage,
  ids: readonly number[],
): Promise<Arrays> {
  const { network, special } = opened;
  const whole = await network.readText(ids, image.past);
  const width = network.config.hidden_size;
  const segPositions = ids.flatMap((id, index) => (id === special['[SEG]'] ? [index] : []));
  const segStates = segPositions.map((at) => whole.hidden.slice(at * width, (at + 1) * width));
  const features = await network.featureMap(image);
  const masks = await masksOf(network, image, segStates);
  const states = (await image.states.getData()) as Float32Array;
  const textStart = image.past.length;
  return new Map<string, ArrayLike<number>>([
    ['hidden:patches', states],
    ['hidden:text', whole.hidden],
    ['lowres_features', states],
    ['feature_map', channelsLast((await features.getData()) as Float32Array, features.dims)],
    ['seg_positions', segPositions.map((at) => at + textStart)],
    ['seg_queries', masks.queries],
    ['mask_logits', masks.logits],
    ['masks', fullMasks(opened, masks)],
  ]);
}

/** Token by token, because the graph gives the logits of the last one only. */
async function logitsOfAll(
  network: Network,
  ids: readonly number[],
  image: Pick<EncodedImage, 'past'>,
): Promise<Float32Array> {
  const all = new Float32Array(ids.length * network.config.vocab_size);
  let { past } = image;
  for (const [index, id] of ids.entries()) {
    const read = await network.readText([id], past);
    all.set(read.logits, index * network.config.vocab_size);
    past = read.past;
  }
  return all;
}

async function textOnlyArrays(
  { network }: Opened,
  ids: readonly number[],
): Promise<[string, ArrayLike<number>][]> {
  const past = network.emptyPast();
  const running = ids.map((_, index) => past.nextPosition + index);
  return [
    ['text_only_position_ids', [...running, ...running, ...running]],
    ['text_only_logits', await logitsOfAll(network, ids, { past })],
  ];
}

async function generation(
  opened: Opened,
  name: string,
  image: EncodedImage,
  block: readonly number[],
  prompt: string,
): Promise<[string, ArrayLike<number>][]> {
  const { network, special, fixture } = opened;
  const promptIds = opened.tokenizer.encode(prompt);
  const steps: number[] = [];
  const tokens = generate(network, image.past, promptIds, {
    next: (logits) => {
      for (const logit of logits) steps.push(logit);
      return [greedyChoice(logits)];
    },
    stopIds: new Set(stopTokens.map((token) => special[token]!)),
    maximumTokens: fixture.inputs.max_new_tokens,
    segId: special['[SEG]']!,
  });
  let next = await tokens.next();
  while (!next.done) next = await tokens.next();
  const { ids, segStates, segPositions } = next.value;
  const read = promptIds.length + ids.length - 1;
  const positions = Array.from({ length: read }, (_, i) => firstTextPosition(image.grid) + i);
  const masks = await masksOf(network, image, segStates);
  return [
    [`${name}_prompt_ids`, [...block, ...promptIds]],
    [`${name}_new_ids`, ids],
    [`${name}_step_logits`, steps],
    [`${name}_position_ids`, [...positions, ...positions, ...positions]],
    [`${name}_seg_positions`, segPositions.map((at) => at + block.length)],
    [`${name}_seg_queries`, masks.queries],
    [`${name}_mask_logits`, masks.logits],
    [`${name}_masks`, fullMasks(opened, masks)],
  ];
}

async function masksOf(
  network: Network,
  image: EncodedImage,
  segStates: readonly Float32Array[],
): Promise<MaskLogits> {
  if (segStates.length > 0) {
    return network.maskLogits(segStates, await network.featureMap(image));
  }
  const none = new Float32Array(0);
  return { logits: none, queries: none, count: 0, width: 0, height: 0 };
}

function fullMasks({ fixture }: Opened, { logits, count, width, height }: MaskLogits): Uint8Array {
  const { image } = fixture;
  const part = { left: 0, top: 0, width: image.width, height: image.height };
  const maps = Array.from({ length: count }, (_, index) =>
    logits.subarray(index * width * height, (index + 1) * width * height),
  );
  return stackMasks(
    maps.map((map) => answerMask({ map: { logits: map, width, height }, part }, image, 0.5).rle),
  );
}

/** [C, H, W] to [H, W, C]. */
function channelsLast(values: Float32Array, dims: readonly number[]): Float32Array {
  const [channels, height, width] = dims as [number, number, number];
  const cells = height * width;
  const result = new Float32Array(values.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let cell = 0; cell < cells; cell++) {
      result[cell * channels + channel] = values[channel * cells + cell]!;
    }
  }
  return result;
}
