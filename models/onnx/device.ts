import { InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DeviceKind, DeviceReport } from '../../core/prompt.ts';
import { z } from 'zod';
import { openCpu, type CpuChoice } from './cpu-choice.ts';
import {
  largestDifference,
  openTested,
  type DeviceTest,
  type SelfTest,
  type TestedDevice,
} from './self-test.ts';
import {
  graphFile,
  sessionOptions,
  type PackageGraphs,
  type SessionLease,
  type SessionSource,
} from './session.ts';

/** The device order of `auto`: the fastest kind first. */
const preference: readonly DeviceKind[] = ['cuda', 'dml', 'coreml', 'webgpu', 'cpu'];

/** A package opened on the device that will answer. */
export interface OpenedDevice<Role extends string = string> {
  readonly lease: SessionLease<Role>;
  readonly report: DeviceReport;
}

/**
 * Opens a package on the requested device, or with `auto` on the best one that really works; else
 * on the CPU, saying why. A device counts as used only if its provider executes the matrix
 * products (as a profile shows) and a self-test of the whole network gives the CPU's numbers;
 * `auto` also passes over a device that is slower than the CPU.
 * @param threads on the CPU; absent = all, or as `cpu` finds fastest
 */
export async function openDevice<Role extends string>(
  source: PackageGraphs<Role>,
  test: DeviceTest<Role>,
  requested: 'auto' | DeviceKind,
  threads?: number,
  cpu: CpuChoice = {},
): Promise<OpenedDevice<Role>> {
  const fallbacks: DeviceReport['fallbacks'] = [];
  const candidates = requested === 'auto' ? preference : [requested];
  for (const device of candidates.filter((candidate) => candidate !== 'cpu')) {
    try {
      await requireUsable(device, requested === 'auto');
      const onDevice = deviceSource(source, device, threads);
      await requireProvider(onDevice, test.probe);
      const tested = await openComparedWithCpu(onDevice, test, requested === 'auto');
      return reported(tested, requested, fallbacks);
    } catch (error) {
      fallbacks.push({ device, reason: reasonOf(error) });
    }
  }
  const { trials, ...tested } = await openCpu(source, test, threads, cpu);
  const { lease, report } = reported(tested, requested, fallbacks);
  return { lease, report: { ...report, kind: tested.source.kind, trials: [...trials] } };
}

function deviceSource<Role extends string>(
  source: PackageGraphs<Role>,
  device: DeviceKind,
  threads: number = availableParallelism(),
): SessionSource<Role> {
  return { ...source, device, threads, kind: 'plain' };
}

function reported<Role extends string>(
  { source, lease, result }: TestedDevice<Role>,
  requested: 'auto' | DeviceKind,
  fallbacks: DeviceReport['fallbacks'],
): OpenedDevice<Role> {
  const { device: used, threads } = source;
  const name = used === 'cpu' ? (cpus()[0]?.model.trim() ?? 'CPU') : providerNames[used];
  const selfTestMs = result.milliseconds;
  return { lease, report: { requested, used, name, selfTestMs, threads, fallbacks } };
}

/**
 * @throws Error when the device gives other numbers than the CPU or, if it must be faster, is not.
 */
async function openComparedWithCpu<Role extends string>(
  source: SessionSource<Role>,
  test: DeviceTest<Role>,
  mustBeFaster: boolean,
): Promise<TestedDevice<Role>> {
  const cpu = await openTested({ ...source, device: 'cpu', kind: 'fused' }, test);
  await cpu.lease.release();
  const tested = await openTested(source, test);
  const problem =
    disagreement(tested.result, cpu.result) ??
    (mustBeFaster ? slowness(tested.result, cpu.result) : null);
  if (problem === null) return tested;
  await tested.lease.release();
  throw new Error(problem);
}

/** The error message without its location in the source of ONNX Runtime. */
function reasonOf(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line!.replace(/^\S+\.(cc|h):\d+ .* was false\. /, '');
}

/** @throws Error saying why a device need not be tried. */
async function requireUsable(device: DeviceKind, isAutomatic: boolean): Promise<void> {
  const obstacle = await knownObstacle(device, isAutomatic);
  if (obstacle !== null) throw new Error(obstacle);
}

async function knownObstacle(device: DeviceKind, isAutomatic: boolean): Promise<string | null> {
  if (!listSupportedBackends().some(({ name }) => name === device)) {
    return `this build of ONNX Runtime has no ${device} provider on ${process.platform}`;
  }
  if (device === 'cuda' && !(await hasCudaLibrary())) {
    return 'the CUDA libraries of ONNX Runtime are not installed';
  }
  if (device !== 'webgpu' || process.platform !== 'linux' || !isAutomatic) return null;
  const drivers = await vulkanDrivers();
  if (drivers.length === 0) return 'no Vulkan driver is installed';
  if (drivers.every(isSoftwareDriver)) {
    return `the only Vulkan drivers emulate a GPU on the CPU (${drivers.join(', ')})`;
  }
  return null;
}

/** Looked for beside ONNX Runtime, which would otherwise complain on stderr. */
async function hasCudaLibrary(): Promise<boolean> {
  const main = fileURLToPath(import.meta.resolve('onnxruntime-node'));
  const { platform, arch } = process;
  const folder = join(dirname(main), '..', 'bin', 'napi-v6', platform, arch);
  const files = await readdir(folder).catch(() => []);
  return files.some((file) => file.includes('onnxruntime_providers_cuda'));
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

/**
 * Largest difference from the CPU's numbers, as a share of the largest of them, that rounding
 * explains.
 */
const toleratedDifference = 0.02;

function disagreement(device: SelfTest, cpu: SelfTest): string | null {
  const difference = largestDifference(device, cpu);
  if (difference <= toleratedDifference) return null;
  return `its numbers differ from the CPU's by ${(100 * difference).toFixed(0)} % in the self-test`;
}

function slowness(device: SelfTest, cpu: SelfTest): string | null {
  if (device.milliseconds <= cpu.milliseconds) return null;
  return `its self-test took ${device.milliseconds.toFixed(1)} ms and that of the CPU ${cpu.milliseconds.toFixed(1)} ms`;
}

const providerNames: Readonly<Record<DeviceKind, string>> = {
  cpu: 'CPUExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  dml: 'DmlExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
};

/**
 * Profiles one run of a graph and checks that the device's provider multiplied its matrices: ONNX
 * Runtime falls back to the CPU in silence.
 */
async function requireProvider<Role extends string>(
  source: SessionSource<Role>,
  { role, inputs }: DeviceTest<Role>['probe'],
): Promise<void> {
  const { directory, graphs, device } = source;
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-profile-'));
  try {
    const session = await InferenceSession.create(
      join(directory, graphFile(graphs[role], source.kind)),
      {
        ...sessionOptions(source),
        enableProfiling: true,
        profileFilePrefix: join(folder, 'run'),
      },
    );
    await session.run(inputs);
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

const profileSchema = z.array(
  z.looseObject({
    args: z
      .looseObject({ op_name: z.string().optional(), provider: z.string().optional() })
      .optional(),
  }),
);

/**
 * The providers that executed matrix products or convolutions, according to the profile in a
 * folder.
 */
async function profiledProviders(folder: string): Promise<Set<string>> {
  const [file] = await readdir(folder);
  if (file === undefined) return new Set();
  const events = profileSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
  const products = events.filter(({ args }) => /MatMul|Gemm|Conv/.test(args?.op_name ?? ''));
  return new Set(products.flatMap(({ args }) => args?.provider ?? []));
}
