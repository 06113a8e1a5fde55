import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The interface. The other bundles are in build/bundles.ts. */
export default defineConfig({
  root: 'renderer',
  // The browser host serves it under a path that nobody can guess.
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
