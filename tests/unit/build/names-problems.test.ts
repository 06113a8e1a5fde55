import { describe, expect, it } from 'vitest';
import { namesProblems } from '../../../build/names-problems.ts';

describe('names and comments', () => {
  it.each([
    ['core/run-length.ts', 'export const a = 1;'],
    ['renderer/settings.svelte.ts', 'const width = $derived(1);'],
    ['renderer/i18n/zh-CN.ts', ''],
    ['renderer/ui/IconButton.svelte', ''],
    ['tests/unit/core/rle.test.ts', "test('counts', () => {});"],
    ['db/migrations/0010-initial.ts', 'export const initial: Migration = {};'],
    ['vite.config.ts', 'export default {};'],
    ['app/jobs/kinds/ask.ts', "export const ask = defineJob({ id: 'ask' });"],
    ['renderer/panes.svelte.ts', 'let open = $state(false);'],
    ['core/a.ts', 'const imageDirection = errors.map(({ length }) => length);'],
    ['core/a.ts', '// The width of a box.\n// What follows a first line may be anything.'],
    ['core/a.ts', '/** Whether a box is empty. */'],
    ['core/long.ts', `const long = '${'x'.repeat(200)}';`],
  ])('%s passes', (file, text) => {
    expect(namesProblems(file, text)).toEqual([]);
  });

  it.each([
    ['core/runLength.ts', '', /kebab-case/],
    ['renderer/ui/icon-button.svelte', '', /PascalCase/],
    ['core/index.ts', '', /barrel/],
    ['core/string-utils.ts', '', /"utils"/],
    ['app/helpers/files.ts', '', /"helpers"/],
    ['app/jobs/kinds/ask.ts', "export const ask = defineJob({ id: 'asked' });", /id is the name/],
    ['app/features/dataset/sentences.ts', '', /sentenceSet/],
    ['cli/commands/ask.ts', 'export function ask() {}', /add…Command/],
    ['db/migrations/0130-next.ts', 'const next = 1;', /a Migration/],
    ['renderer/panes.svelte.ts', 'let open = false;', /plain \.ts/],
    ['core/rle.test.ts', "test('counts', () => {});", /lie in tests/],
    ['core/a.ts', `const ${'img'}Count = 1;`, /"img" is cut short; write image/],
    ['core/a.ts', `} catch (${'err'}) {`, /"err" is cut short; write error/],
    ['core/a.ts', '\nexport default 1;', /:2: a default export/],
    ['core/a.ts', "export * from './b.ts';", /export \*/],
    ['core/a.ts', `class Window${'Manager'} {}`, /"WindowManager"/],
    ['core/a.ts', `/** ${'x'.repeat(140)} */`, /a comment of 147 columns/],
    ['core/a.ts', ` * ${'x'.repeat(140)}`, /a comment of 143 columns/],
    ['core/a.ts', '/** What a box holds. */', /begins with "What"; name the subject/],
    ['core/a.ts', '/**\n * Whoever reads it.\n */', /:2: a comment begins with "Whoever"/],
    ['core/a.ts', '// The rest. What follows.', /begins with "What"/],
    ['core/a.ts', ' * for whoever asks', /"whoever" in a comment/],
    ['tests/a.test.ts', "test('as whoever asks', () => {});", /a test title/],
    ['core/a.ts', '// Whatever is left.', /begins with "Whatever"/],
    ['renderer/ui/Box.svelte', '<!-- What is drawn. -->', /begins with "What"/],
  ])('%s with %j does not', (file, text, problem) => {
    expect(namesProblems(file, text)).toEqual([expect.stringMatching(problem)]);
  });
});
