import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DeviceKind, DeviceReport } from '../../core/prompt.ts';
import { z } from 'zod';
import type { ModelConfig } from '../config.ts';
import { Network } from './network.ts';
import { openSessions, sessionOptions, type SessionLease, type SessionSource } from './session.ts';

/** The device order of `auto`: the fastest kind first. */
const preference: readonly DeviceKind[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/** Rows and columns of patches in the self-test: large enough to tell a device from its emulation. */
const selfTestGrid = { rows: 8, columns: 8 };

/** A package opened on the device that will answer. */
export interface OpenedDevice {
  readonly lease: SessionLease;
  readonly network: Network;
  readonly report: DeviceReport;
}

type Package = Omit<SessionSource, 'device' | 'threads'>;

/**
 * Opens a package on the requested device, or with `auto` on the best one that really works; else on the CPU, saying
 * why. A device counts as used only if its provider executes the graph's matrix products (as a profile shows) and a
 * self-test of the whole network runs; `auto` also passes over a device that is slower than the CPU.
 */
export async function openDevice(
  source: Package,
  requested: 'auto' | DeviceKind,
  threads: number = availableParallelism(),
): Promise<OpenedDevice> {
  const fallbacks: DeviceReport['fallbacks'] = [];
  const candidates = requested === 'auto' ? preference : [requested];
  let cpu: OpenedDevice | null = null;
  for (const device of candidates.filter((candidate) => candidate !== 'cpu')) {
    const obstacle = await knownObstacle(device, requested === 'auto');
    if (obstacle !== null) {
      fallbacks.push({ device, reason: obstacle });
      continue;
    }
    try {
      await requireProvider({ ...source, device, threads });
      const opened = await openAndTest({ ...source, device, threads }, requested, fallbacks);
      if (requested !== 'auto') return opened;
      cpu ??= await openAndTest({ ...source, device: 'cpu', threads }, requested, fallbacks);
      if (opened.report.selfTestMs <= cpu.report.selfTestMs) {
        await cpu.lease.release();
        return opened;
      }
      await opened.lease.release();
      fallbacks.push({ device, reason: slower(opened.report.selfTestMs, cpu.report.selfTestMs) });
    } catch (error) {
      fallbacks.push({ device, reason: firstLine(error) });
    }
  }
  return cpu ?? openAndTest({ ...source, device: 'cpu', threads }, requested, fallbacks);
}

function slower(deviceMs: number, cpuMs: number): string {
  return `the self-test took ${deviceMs.toFixed(0)} ms there and ${cpuMs.toFixed(0)} ms on the CPU`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

/** Why a device need not be tried; null when it is worth trying. */
async function knownObstacle(device: DeviceKind, isAutomatic: boolean): Promise<string | null> {
  if (!listSupportedBackends().some(({ name }) => name === device)) {
    return `this build of ONNX Runtime has no ${device} provider on ${process.platform}`;
  }
  if (device !== 'webgpu' || process.platform !== 'linux' || !isAutomatic) return null;
  const drivers = await vulkanDrivers();
  if (drivers.length === 0) return 'no Vulkan driver is installed';
  if (drivers.every(isSoftwareDriver)) {
    return `the only Vulkan drivers emulate a GPU on the CPU (${drivers.join(', ')})`;
  }
  return null;
}

/** File names of the Vulkan drivers that the loader will find. */
async function vulkanDrivers(): Promise<string[]> {
  const chosen = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  if (chosen !== undefined) return chosen.split(':').map((path) => basename(path));
  const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
  const found = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return found.flat().filter((name) => name.endsWith('.json'));
}

function isSoftwareDriver(name: string): boolean {
  return /swiftshader|lvp|llvmpipe|lavapipe/i.test(name);
}

async function openAndTest(
  source: SessionSource,
  requested: 'auto' | DeviceKind,
  fallbacks: DeviceReport['fallbacks'],
): Promise<OpenedDevice> {
  const lease = await openSessions(source);
  try {
    const network = new Network(source.manifest.config, lease.sessions);
    await selfTest(network);
    const selfTestMs = await selfTest(network);
    const name = source.device === 'cpu' ? (cpus()[0]?.model.trim() ?? 'CPU') : source.device;
    const { device: used, threads } = source;
    return { lease, network, report: { requested, used, name, selfTestMs, threads, fallbacks } };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** Runs all four graphs once; returns milliseconds. @throws Error when a result is not a number. */
async function selfTest(network: Network): Promise<number> {
  const { config } = network;
  const count = selfTestGrid.rows * selfTestGrid.columns;
  const patches = new Float32Array(count * 3 * config.patch_size ** 2).map((_, i) => Math.sin(i));
  const start = performance.now();
  const encoded = await network.encodeImage(patches, new Int32Array(count), selfTestGrid);
  const read = await network.readText([config.special_token_ids['[SEG]']!], encoded.past);
  const masks = await network.maskLogits([read.hidden], await network.featureMap(encoded));
  const milliseconds = performance.now() - start;
  if (!masks.logits.every(Number.isFinite) || !read.logits.every(Number.isFinite)) {
    throw new Error('the self-test gave values that are not finite numbers');
  }
  return milliseconds;
}

const providerNames: Readonly<Record<DeviceKind, string>> = {
  cpu: 'CPUExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  dml: 'DmlExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
};

/**
 * Profiles one run of the mask graph, which is small, and checks that the device's provider multiplied its matrices:
 * ONNX Runtime falls back to the CPU in silence.
 */
async function requireProvider(source: SessionSource): Promise<void> {
  const { directory, manifest, device } = source;
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-profile-'));
  try {
    const session = await InferenceSession.create(join(directory, manifest.graphs.mask.file), {
      ...sessionOptions(source),
      enableProfiling: true,
      profileFilePrefix: join(folder, 'run'),
    });
    await session.run(maskInputs(manifest.config));
    session.endProfiling();
    await session.release();
    const used = await profiledProviders(folder);
    if (!used.has(providerNames[device])) {
      const found = [...used].join(', ') || 'nothing';
      throw new Error(`ONNX Runtime accepted the device but ran the network on ${found}`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function maskInputs({
  hidden_size: hidden,
  mask_dim: channels,
}: ModelConfig): InferenceSession.FeedsType {
  const side = 4;
  return {
    seg_states: new Tensor('float32', new Float32Array(hidden), [1, hidden]),
    features: new Tensor('float32', new Float32Array(channels * side ** 2), [channels, side, side]),
  };
}

const profileSchema = z.array(
  z.looseObject({
    args: z
      .looseObject({ op_name: z.string().optional(), provider: z.string().optional() })
      .optional(),
  }),
);

/** The providers that executed matrix products, according to the profile in a folder. */
async function profiledProviders(folder: string): Promise<Set<string>> {
  const [file] = await readdir(folder);
  if (file === undefined) return new Set();
  const events = profileSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  const products = events.filter(({ args }) => /MatMul|Gemm/.test(args?.op_name ?? ''));
  return new Set(products.flatMap(({ args }) => args?.provider ?? []));
}
