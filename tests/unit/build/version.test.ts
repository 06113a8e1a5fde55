import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('the newest version in the changelog is the one of the package, which the window shows', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const headings = Array.from(read('CHANGELOG.md').matchAll(/^## (\S+)/gm), ([, name]) => name);
  expect(headings.find((name) => name !== 'Unreleased')).toBe(version);
  expect(read('renderer/panels/TopBar.svelte')).toContain(
    "import { version } from '../../package.json';",
  );
});
