import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  test: {
    include: ['tests/{unit,integration,e2e,gpu}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // In `auto`, the machine decides, and answers would differ between machines.
    env: { PIXELSAIL_ARITHMETIC: 'float32' },
    pool: 'forks',
    maxWorkers: 2,
  },
});
