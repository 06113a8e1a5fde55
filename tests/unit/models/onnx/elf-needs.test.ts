import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { neededLibraries } from '../../../../models/onnx/elf-needs.ts';

const runtime = fileURLToPath(
  new URL('../bin/napi-v6/linux/x64/', import.meta.resolve('onnxruntime-node')),
);

it('the libraries that a real one needs are read from it', async () => {
  expect(await neededLibraries(`${runtime}onnxruntime_binding.node`)).toEqual(
    expect.arrayContaining(['libonnxruntime.so.1', 'libstdc++.so.6', 'libc.so.6']),
  );
});

it('a file of another kind, a folder and a missing file have none', async () => {
  const others = [fileURLToPath(import.meta.url), runtime, `${runtime}missing.so`];
  expect(await Promise.all(others.map(neededLibraries))).toEqual([null, null, null]);
});
