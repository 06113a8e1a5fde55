import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { matchesGlob, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Configuration } from 'electron-builder';
import { beforeAll, describe, expect, test } from 'vitest';
import { packConfiguration } from '../../../build/pack-application.ts';
import { nativePackages } from '../../../build/bundles.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const require = createRequire(import.meta.url);

interface PackagingConfiguration {
  files: string[];
  asarUnpack: string[];
  extraResources: (string | { from: string; to: string })[];
  fileAssociations: { ext: string }[];
}

/** As electron-builder itself merges what it is told with its file. */
const { getConfig } = createRequire(require.resolve('electron-builder'))(
  'app-builder-lib/out/util/config/config.js',
) as {
  getConfig(folder: string, file: null, told: Configuration): Promise<Configuration>;
};

/** Read with the YAML reader of electron-builder itself. */
const yaml = createRequire(require.resolve('electron-builder'))('js-yaml') as {
  load(text: string): PackagingConfiguration;
};
const configuration = yaml.load(readFileSync(`${root}electron-builder.yml`, 'utf8'));

/** The semantics of electron-builder patterns: the last match decides. */
function isPacked(path: string, platform = process.platform, arch = process.arch): boolean {
  return configuration.files
    .map((pattern) => pattern.replaceAll('${platform}', platform).replaceAll('${arch}', arch))
    .reduce((packed, pattern) => {
      const isExclusion = pattern.startsWith('!');
      return matchesGlob(path, isExclusion ? pattern.slice(1) : pattern) ? !isExclusion : packed;
    }, false);
}

const isUnpacked = (path: string) =>
  configuration.asarUnpack.some((pattern) => matchesGlob(path, pattern));

/** The files of node_modules that a process holds after it has loaded every native package. */
function loadedFiles(): string[] {
  const script = `
    for (const name of ${JSON.stringify(nativePackages)}) require(name);
    new (require('better-sqlite3'))(':memory:').close();
    const shared = process.report.getReport().sharedObjects;
    console.log(JSON.stringify([...Object.keys(require.cache), ...shared]));
  `;
  const output = execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
  return (
    (JSON.parse(output) as string[])
      .map((file) => relative(root, file).replaceAll('\\', '/'))
      .filter((file) => file.startsWith('node_modules/'))
      // The Node that runs this test is itself a package.
      .filter((file) => !file.startsWith('node_modules/node/'))
  );
}

describe('electron-builder.yml', () => {
  let loaded: string[];
  beforeAll(() => {
    loaded = loadedFiles();
  });

  test('the native packages load what we think they load', () => {
    for (const name of ['better-sqlite3', '@img/sharp', 'onnxruntime_binding', 'libonnxruntime']) {
      expect(loaded.filter((file) => file.includes(name))).not.toEqual([]);
    }
  });

  test('everything that the native packages load is packed, outside the archive', () => {
    expect(loaded.filter((file) => !isPacked(file))).toEqual([]);
    expect(loaded.filter((file) => !isUnpacked(file))).toEqual([]);
  });

  test('the entries of the backend and the engine lie outside the archive, with their parts', () => {
    for (const file of ['backend.mjs', 'engine/engine.mjs', 'parts/prompt-1.mjs']) {
      expect(isPacked(`dist/app/${file}`)).toBe(true);
      expect(isUnpacked(`dist/app/${file}`)).toBe(true);
    }
  });

  test('the window and its preload are packed', () => {
    for (const file of [
      'package.json',
      'dist/electron/main.cjs',
      'dist/electron/preload.cjs',
      'dist/renderer/index.html',
    ]) {
      expect(isPacked(file)).toBe(true);
    }
  });

  test('binaries of other platforms stay out, on every platform', () => {
    const binary = (platform: string, arch: string) =>
      `node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`;
    const machines = [
      ['linux', 'x64'],
      ['linux', 'arm64'],
      ['win32', 'x64'],
      ['darwin', 'arm64'],
    ] as const;
    for (const [platform, arch] of machines) {
      const packed = machines.filter(([other, otherArch]) =>
        isPacked(binary(other, otherArch), platform, arch),
      );
      expect(packed).toEqual([[platform, arch]]);
    }
    expect(isPacked('node_modules/better-sqlite3/deps/sqlite3/sqlite3.c')).toBe(false);
    expect(isPacked('node_modules/electron/dist/electron')).toBe(false);
  });

  test('the models, the sample photos and the notices go with it, and projects open with it', () => {
    expect(configuration.extraResources).toEqual(
      expect.arrayContaining([
        { from: 'models/catalog', to: 'catalog' },
        { from: 'demo/photos', to: 'sample-photos' },
        { from: 'demo/benchmark', to: 'sample-benchmark' },
        'THIRD_PARTY_NOTICES.md',
      ]),
    );
    expect(configuration.fileAssociations).toMatchObject([{ ext: 'pixelsail' }]);
  });
});

describe('the update feed', () => {
  const publish = async (updateUrl: string | undefined) => {
    const merged = await getConfig(root, null, packConfiguration(updateUrl));
    return { productName: merged.productName, publish: merged.publish };
  };
  const feedUrl = 'https://downloads.example.org/pixel-sail';

  test('is written for the place that PIXELSAIL_UPDATE_URL names', async () => {
    expect(await publish(feedUrl)).toEqual({
      productName: 'Pixel-SAIL Studio',
      publish: { provider: 'generic', url: feedUrl },
    });
  });

  test('is not written without one, though the repository could be guessed as a place', async () => {
    for (const none of [undefined, '']) {
      expect(await publish(none)).toEqual({ productName: 'Pixel-SAIL Studio', publish: null });
    }
  });
});
