import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { neededLibraries } from './elf-needs.ts';

/** Where CUDA is looked for; tests give folders of their own. */
export interface CudaPlaces {
  /** The version file of the NVIDIA kernel driver. */
  readonly driverFile: string;
  /** The folder of ONNX Runtime's own libraries. */
  readonly runtimeFolder: string;
  /** Folders in which the loader of this process finds libraries. */
  readonly loaderFolders: readonly string[];
  /** Folders in which CUDA is often installed, beyond the loader. */
  readonly otherFolders: readonly string[];
  /** Of the processor, as Node names it. */
  readonly architecture: string;
}

/** One thing that the CUDA provider needs, what was found of it, and what to do where it lacks. */
export interface CudaFinding {
  readonly name: string;
  readonly ok: boolean;
  readonly expected: string;
  readonly found: string;
  /** Empty where nothing is to be done. */
  readonly advice: string;
}

/** A driver by its first version that runs a CUDA (NVIDIA, CUDA compatibility). */
const leastDrivers: Readonly<Record<string, string>> = { 12: '525.60.13', 13: '580.65.06' };
/** The first driver of all CUDAs for which ONNX Runtime is built. */
const leastDriver = '525.60.13';

/** The library of the driver; where there is no version file (WSL), it shows that there is one. */
const driverLibrary = 'libcuda.so.1';
const provider = 'libonnxruntime_providers_cuda.so';

/** Packages of NVIDIA's repository by the library in them; `X` stands for the version of CUDA. */
const packages: Readonly<Record<string, string>> = {
  libcudart: 'cuda-cudart-X',
  libcublas: 'libcublas-X',
  libcublasLt: 'libcublas-X',
  libcurand: 'libcurand-X',
  libcufft: 'libcufft-X',
  libnvrtc: 'cuda-nvrtc-X',
};

/** For convolutions; the provider opens it by itself, so that it is not among its needs. */
const convolutions = 'libcudnn.so.9';

/**
 * Everything that CUDA needs on Linux, in the order of installation: the provider of ONNX Runtime,
 * the driver, the libraries of CUDA, and cuDNN. Releases of ONNX Runtime are built for different
 * versions of CUDA, so the needed ones are read from the provider; without it they are unknown. It
 * reads files and loads nothing.
 */
export async function checkCuda(places: CudaPlaces): Promise<CudaFinding[]> {
  const needs = await neededLibraries(join(places.runtimeFolder, provider));
  const libraries = (needs ?? []).filter(
    (name) => /^lib(?:cu|nv)/.test(name) && name !== driverLibrary,
  );
  const cuda = versionOf(libraries.find((name) => name.startsWith('libcudart.')) ?? '');
  const findings = [checkProvider(places, needs), await checkDriver(places, cuda)];
  for (const file of libraries) findings.push(await checkLibrary(file, cuda, places));
  if (cuda !== null && !libraries.some((name) => name.startsWith('libcudnn.'))) {
    findings.push(await checkLibrary(convolutions, cuda, places));
  }
  return findings;
}

function checkProvider(
  { runtimeFolder, architecture }: CudaPlaces,
  needs: readonly string[] | null,
): CudaFinding {
  const known = { name: 'CUDA provider of ONNX Runtime', expected: provider };
  if (needs) return { ...known, ok: true, found: join(runtimeFolder, provider), advice: '' };
  const found = `nothing readable in ${runtimeFolder}`;
  const install =
    'run: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node, then doctor again, ' +
    'which reads from it the needed version of CUDA';
  const advice = architecture === 'x64' ? install : `there is none for linux/${architecture}`;
  return { ...known, ok: false, found, advice };
}

/** The places of this machine. */
export async function cudaPlaces(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<CudaPlaces> {
  const main = fileURLToPath(import.meta.resolve('onnxruntime-node'));
  const { platform, arch } = process;
  const given = (environment['LD_LIBRARY_PATH'] ?? '').split(':').filter((path) => path !== '');
  const toolkits = (await filesOf('/usr/local')).filter((name) => name.startsWith('cuda'));
  return {
    driverFile: '/proc/driver/nvidia/version',
    runtimeFolder: join(dirname(main), '..', 'bin', 'napi-v6', platform, arch),
    loaderFolders: [...given, ...(await configuredFolders()), ...usualFolders],
    otherFolders: [
      ...toolkits.flatMap((name) => [
        join('/usr/local', name, 'lib64'),
        join('/usr/local', name, 'targets', 'x86_64-linux', 'lib'),
      ]),
      '/opt/cuda/lib64',
    ],
    architecture: arch,
  };
}

const usualFolders = [
  ...['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib64', '/usr/lib64', '/usr/lib'],
  '/usr/lib/wsl/lib',
];

/** The folders of the loader's configuration, `/etc/ld.so.conf.d`. */
async function configuredFolders(): Promise<string[]> {
  const folder = '/etc/ld.so.conf.d';
  const names = (await filesOf(folder)).filter((name) => name.endsWith('.conf'));
  const texts = await Promise.all(
    names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('/')),
  );
}

/** @param cuda the version that is to run; null where it is unknown */
async function checkDriver(
  { driverFile, loaderFolders }: CudaPlaces,
  cuda: string | null,
): Promise<CudaFinding> {
  const text = await readFile(driverFile, 'utf8').catch(() => '');
  const version = /\b(\d+\.\d+(?:\.\d+)?)\b/.exec(text)?.[1] ?? null;
  const least = leastDrivers[cuda ?? ''] ?? leastDriver;
  const known = { name: 'NVIDIA driver', expected: `${least} or newer` };
  if (version !== null && isAtLeast(version, least)) {
    return { ...known, ok: true, found: version, advice: '' };
  }
  const library = version === null ? await findIn(loaderFolders, driverLibrary) : null;
  if (library) return { ...known, ok: true, found: `${library}, of unknown version`, advice: '' };
  const found = version ?? `none (no ${driverFile})`;
  const advice = `install the NVIDIA driver ${least} or newer and start the machine again`;
  return { ...known, ok: false, found, advice };
}

async function checkLibrary(
  file: string,
  cuda: string | null,
  { loaderFolders, otherFolders }: CudaPlaces,
): Promise<CudaFinding> {
  const isOfConvolutions = file.startsWith('libcudnn.');
  const name = isOfConvolutions ? 'cuDNN, for convolutions' : `CUDA ${cuda ?? ''}`.trim();
  const known = { name, expected: file };
  const loaded = await findIn(loaderFolders, file);
  if (loaded) return { ...known, ok: true, found: loaded, advice: '' };
  const elsewhere = await findIn(otherFolders, file);
  if (elsewhere) {
    return {
      ...known,
      ok: false,
      found: `${elsewhere}, which the loader does not look at`,
      advice: `add ${dirname(elsewhere)} to LD_LIBRARY_PATH`,
    };
  }
  const others = await versionsIn([...loaderFolders, ...otherFolders], file);
  const [stem] = file.split('.');
  const own = isOfConvolutions
    ? `libcudnn${versionOf(file) ?? ''}-cuda-${cuda ?? 'X'}`
    : packages[stem!]?.replace('X', `${cuda ?? 'X'}-x`);
  return {
    ...known,
    ok: false,
    found: others.length === 0 ? 'nothing' : `only ${others.join(', ')}`,
    advice: `install ${own ? `the package ${own} of NVIDIA's repository` : file}`,
  };
}

/** The version in the name of a library: `12` of `libcudart.so.12`; null without one. */
function versionOf(library: string): string | null {
  return /\.so\.(\d+)$/.exec(library)?.[1] ?? null;
}

/** The file that a library's name leads to: its name has the whole version. */
async function findIn(folders: readonly string[], file: string): Promise<string | null> {
  for (const folder of folders) {
    if (!(await filesOf(folder)).includes(file)) continue;
    const found = await realpath(join(folder, file)).catch(() => null);
    if (found) return found;
  }
  return null;
}

/** Names of the same library in other versions. */
async function versionsIn(folders: readonly string[], file: string): Promise<string[]> {
  const stem = file.replace(/\.\d+$/, '.');
  const found = await Promise.all(folders.map(filesOf));
  return [...new Set(found.flat().filter((name) => name.startsWith(stem)))]
    .map((name) => basename(name))
    .sort();
}

function filesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function isAtLeast(version: string, least: string): boolean {
  const [found, wanted] = [version, least].map((text) => text.split('.').map(Number));
  for (const [place, value] of wanted!.entries()) {
    const difference = (found![place] ?? 0) - value;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
