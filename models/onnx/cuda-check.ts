import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/** The first driver that runs CUDA 12 (NVIDIA, CUDA compatibility, minor version compatibility). */
const leastDriver = '525.60.13';

/** The first driver for CUDA 12, by minor version compatibility (NVIDIA, CUDA compatibility). */
const libraries = [
  { file: 'libcudart.so.12', what: 'CUDA 12 (cudart)', package: 'cuda-cudart-12-x' },
  { file: 'libcublas.so.12', what: 'CUDA 12 (cuBLAS)', package: 'libcublas-12-x' },
  { file: 'libcublasLt.so.12', what: 'CUDA 12 (cuBLASLt)', package: 'libcublas-12-x' },
  { file: 'libcurand.so.10', what: 'CUDA 12 (cuRAND)', package: 'libcurand-12-x' },
  { file: 'libcufft.so.11', what: 'CUDA 12 (cuFFT)', package: 'libcufft-12-x' },
  { file: 'libcudnn.so.9', what: 'cuDNN 9 for CUDA 12', package: 'libcudnn9-cuda-12' },
] as const;

const provider = 'libonnxruntime_providers_cuda.so';

/**
 * Everything that CUDA needs on Linux, in the order of installation: driver, CUDA 12, cuDNN 9, and
 * the provider of ONNX Runtime. It reads names of files and loads nothing.
 */
export async function checkCuda(places: CudaPlaces): Promise<CudaFinding[]> {
  const findings = [await checkDriver(places.driverFile)];
  for (const library of libraries) findings.push(await checkLibrary(library, places));
  const own = (await filesOf(places.runtimeFolder)).includes(provider);
  findings.push({
    name: 'CUDA provider of ONNX Runtime',
    ok: own,
    expected: provider,
    found: own ? join(places.runtimeFolder, provider) : `nothing in ${places.runtimeFolder}`,
    advice: own ? '' : 'run: npm rebuild onnxruntime-node --onnxruntime-node-install=cuda12',
  });
  return findings;
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

async function checkDriver(file: string): Promise<CudaFinding> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const version = /\b(\d+\.\d+(?:\.\d+)?)\b/.exec(text)?.[1] ?? null;
  const ok = version !== null && isAtLeast(version, leastDriver);
  return {
    name: 'NVIDIA driver',
    ok,
    expected: `${leastDriver} or newer`,
    found: version ?? `none (no ${file})`,
    advice: ok
      ? ''
      : `install the NVIDIA driver ${leastDriver} or newer and start the machine again`,
  };
}

async function checkLibrary(
  { file, what, package: name }: (typeof libraries)[number],
  { loaderFolders, otherFolders }: CudaPlaces,
): Promise<CudaFinding> {
  const known = { name: what, expected: file };
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
  return {
    ...known,
    ok: false,
    found: others.length === 0 ? 'nothing' : `only ${others.join(', ')}`,
    advice: `install ${what}, for instance the package ${name} of NVIDIA's repository`,
  };
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
