import { writeFileSync } from 'node:fs';
import { build, type InlineConfig } from 'vite';
import { builtMark } from './built-mark.ts';

/**
 * Packages with native code stay packages; all else is bundled, so that an entry needs nothing
 * beside it.
 */
export const nativePackages = ['better-sqlite3', 'onnxruntime-node', 'sharp'] as const;

const shared = {
  configFile: false,
  logLevel: 'warn',
  ssr: { noExternal: true, external: [...nativePackages, 'electron'] },
} satisfies InlineConfig;

/** The backend, the engine and the browser host: modules for Node, laid out as in the sources. */
const nodeBundle: InlineConfig = {
  ...shared,
  build: {
    ssr: true,
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'node22',
    rolldownOptions: {
      input: {
        backend: 'app/backend.ts',
        'engine/engine': 'app/engine/engine.ts',
        'web/main': 'app/web/main.ts',
        'db/background-thread': 'db/background-thread.ts',
        'db/reader-thread': 'db/reader-thread.ts',
        'db/step-thread': 'db/step-thread.ts',
      },
      output: {
        format: 'esm',
        entryFileNames: '[name].mjs',
        chunkFileNames: 'parts/[name]-[hash].mjs',
      },
    },
  },
};

/**
 * Electron's main process and preload: CommonJS, which every Electron loads, and a sandboxed
 * preload must be.
 */
function electronBundle(name: 'main' | 'preload'): InlineConfig {
  return {
    ...shared,
    build: {
      ssr: true,
      outDir: 'dist/electron',
      emptyOutDir: false,
      target: 'node18',
      rolldownOptions: {
        input: { [name]: `electron/${name}.ts` },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  };
}

/** Builds all of dist/. */
export async function buildAll(): Promise<void> {
  await build(nodeBundle);
  await build(electronBundle('main'));
  await build(electronBundle('preload'));
  await build({ logLevel: 'warn' });
  writeFileSync(builtMark, '');
}
