import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCuda, cudaPlaces, type CudaPlaces } from '../../../../models/onnx/cuda-check.ts';

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
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const libraries = [
  ...['libcudart.so.12', 'libcublas.so.12', 'libcublasLt.so.12', 'libcurand.so.10'],
  ...['libcufft.so.11', 'libcudnn.so.9'],
];

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

async function installAll(): Promise<void> {
  await driver('550.54.15');
  for (const name of libraries) await library('loader', name, '4.127');
  await writeFile(join(folder, 'runtime', 'libonnxruntime_providers_cuda.so'), '');
}

const problems = async () => (await checkCuda(places)).filter(({ ok }) => !ok);

describe('what CUDA needs', () => {
  it('is complete with a driver, CUDA 12, cuDNN 9 and the provider, each told with its version', async () => {
    await installAll();
    const findings = await checkCuda(places);
    expect(findings.every(({ ok, advice }) => ok && advice === '')).toBe(true);
    expect(findings[0]!.found).toBe('550.54.15');
    expect(findings[1]!.found).toBe(join(folder, 'loader', 'libcudart.so.12.4.127'));
  });

  it('is told in the order of installation where there is nothing', async () => {
    const found = await problems();
    expect(found.map(({ name }) => name)).toEqual([
      'NVIDIA driver',
      'CUDA 12 (cudart)',
      'CUDA 12 (cuBLAS)',
      'CUDA 12 (cuBLASLt)',
      'CUDA 12 (cuRAND)',
      'CUDA 12 (cuFFT)',
      'cuDNN 9 for CUDA 12',
      'CUDA provider of ONNX Runtime',
    ]);
    expect(found[6]!.advice).toContain('libcudnn9-cuda-12');
    expect(found[7]!.advice).toContain('npm rebuild onnxruntime-node');
  });

  it.each([
    ['470.256.02', false],
    ['525.60.11', false],
    ['525.60.13', true],
    ['525.105.17', true],
    ['580.65', true],
  ])('the driver %s is new enough: %s', async (version, ok) => {
    await installAll();
    await driver(version);
    expect((await checkCuda(places))[0]).toMatchObject({ ok, found: version });
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
    await rm(join(folder, 'loader', 'libcublas.so.12'));
    await library('toolkit', 'libcublas.so.12', '6.0.1');
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
