import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCuda, cudaPlaces, type CudaPlaces } from '../../../../models/onnx/cuda-check.ts';
import { elfLibrary } from '../../../support/elf-library.ts';

let folder: string;
let places: CudaPlaces;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cuda-'));
  const made = ['runtime', 'loader', 'toolkit'].map((name) => join(folder, name));
  for (const path of made) await mkdir(path);
  const [runtimeFolder, loader, toolkit] = made as [string, string, string];
  places = {
    ...{ driverFile: join(folder, 'version'), runtimeFolder },
    ...{ loaderFolders: [join(folder, 'missing'), loader], otherFolders: [toolkit] },
    architecture: 'x64',
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As the provider of onnxruntime-gpu 1.30 names them, beside those of every C++ library. */
const needs13 = ['libcublasLt.so.13', 'libcublas.so.13', 'libcurand.so.10', 'libcudart.so.13'];
const needs12 = ['libcublasLt.so.12', 'libcublas.so.12', 'libcudart.so.12', 'libcudnn.so.9'];
const everyones = ['libcuda.so.1', 'libstdc++.so.6', 'libc.so.6'];

async function driver(version: string): Promise<void> {
  const line = `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${version}  Thu May  4 2023\n`;
  await writeFile(join(folder, 'version'), line);
}

/** A library as packages install it: a file with its whole version, and a link to it. */
async function library(place: string, link: string, version: string): Promise<void> {
  const file = `${link}.${version}`;
  await writeFile(join(folder, place, file), '');
  await symlink(file, join(folder, place, link));
}

const provide = (needs: readonly string[]) =>
  writeFile(
    join(folder, 'runtime', 'libonnxruntime_providers_cuda.so'),
    elfLibrary([...needs, ...everyones]),
  );

async function installAll(): Promise<void> {
  await driver('580.82.07');
  await provide(needs13);
  for (const name of [...needs13, 'libcudnn.so.9']) await library('loader', name, '4.127');
}

const problems = async () => (await checkCuda(places)).filter(({ ok }) => !ok);

describe('what CUDA needs', () => {
  it('is complete with the provider, a driver, and the libraries that the provider names', async () => {
    await installAll();
    const findings = await checkCuda(places);
    expect(findings.every(({ ok, advice }) => ok && advice === '')).toBe(true);
    expect(findings.map(({ expected }) => expected)).toEqual([
      'libonnxruntime_providers_cuda.so',
      '580.65.06 or newer',
      ...needs13,
      'libcudnn.so.9',
    ]);
    expect(findings[1]!.found).toBe('580.82.07');
    expect(findings[2]!.found).toBe(join(folder, 'loader', 'libcublasLt.so.13.4.127'));
  });

  it('is the CUDA that the provider was built for, not another one that is there', async () => {
    await installAll();
    await provide(needs12);
    const found = await problems();
    expect(found.map(({ expected, advice }) => [expected, advice])).toEqual([
      ['libcublasLt.so.12', "install the package libcublas-12-x of NVIDIA's repository"],
      ['libcublas.so.12', "install the package libcublas-12-x of NVIDIA's repository"],
      ['libcudart.so.12', "install the package cuda-cudart-12-x of NVIDIA's repository"],
    ]);
    expect(found[2]!.found).toBe('only libcudart.so.13, libcudart.so.13.4.127');
  });

  it('is unknown without the provider, which comes first then', async () => {
    const found = await problems();
    expect(found.map(({ name }) => name)).toEqual([
      'CUDA provider of ONNX Runtime',
      'NVIDIA driver',
    ]);
    expect(found[0]!.advice).toContain('npm rebuild onnxruntime-node, then doctor again');
  });

  it('is not offered where ONNX Runtime has no provider for the processor', async () => {
    places = { ...places, architecture: 'arm64' };
    expect((await problems())[0]!.advice).toBe('there is none for linux/arm64');
  });

  it('is installed anew where the provider was cut short', async () => {
    await installAll();
    const whole = elfLibrary(needs13);
    const file = join(folder, 'runtime', 'libonnxruntime_providers_cuda.so');
    await writeFile(file, whole.subarray(0, whole.length - 10));
    expect((await problems()).map(({ name }) => name)).toEqual(['CUDA provider of ONNX Runtime']);
  });

  it('takes a driver without a version file, as under WSL, by its library', async () => {
    await installAll();
    await rm(join(folder, 'version'));
    expect((await problems()).map(({ name }) => name)).toEqual(['NVIDIA driver']);
    await writeFile(join(folder, 'loader', 'libcuda.so.1'), '');
    expect(await problems()).toEqual([]);
  });

  it.each([
    ['470.256.02', needs12, false],
    ['525.60.11', needs12, false],
    ['525.60.13', needs12, true],
    ['525.105.17', needs12, true],
    ['550.54.15', needs13, false],
    ['580.65.06', needs13, true],
    ['590.44', needs13, true],
  ])('the driver %s is new enough for %s: %s', async (version, needs, ok) => {
    await installAll();
    await provide(needs);
    await driver(version);
    expect((await checkCuda(places))[1]).toMatchObject({ ok, found: version });
  });

  it('another version of a library does not do, and is named', async () => {
    await installAll();
    await rm(join(folder, 'loader', 'libcudnn.so.9'));
    await rm(join(folder, 'loader', 'libcudnn.so.9.4.127'));
    await library('loader', 'libcudnn.so.8', '9.7');
    expect(await problems()).toMatchObject([
      { expected: 'libcudnn.so.9', found: 'only libcudnn.so.8, libcudnn.so.8.9.7' },
    ]);
  });

  it('a library where the loader does not look is told with its folder', async () => {
    await installAll();
    await rm(join(folder, 'loader', 'libcublas.so.13'));
    await library('toolkit', 'libcublas.so.13', '6.0.1');
    expect(await problems()).toMatchObject([
      { advice: `add ${join(folder, 'toolkit')} to LD_LIBRARY_PATH` },
    ]);
  });

  it('a link that leads nowhere is no library', async () => {
    await installAll();
    await rm(join(folder, 'loader', 'libcurand.so.10.4.127'));
    expect((await problems()).map(({ expected }) => expected)).toEqual(['libcurand.so.10']);
  });

  it('is looked for first where LD_LIBRARY_PATH says', async () => {
    const { loaderFolders } = await cudaPlaces({ LD_LIBRARY_PATH: '/first:/second' });
    expect(loaderFolders.slice(0, 2)).toEqual(['/first', '/second']);
  });
});
