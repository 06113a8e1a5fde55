import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { formatsInMarkdown } from '../../../cli/commands/formats.ts';
import { describeFormats } from '../../../app/features/dataset/dataset-formats.ts';
import { describeOptions } from '../../../core/formats/options.ts';
import {
  canExport,
  canImport,
  formatById,
  formats,
  parseOptions,
} from '../../../core/formats/registry.ts';

const chinese = /\p{Script=Han}/u;

test('each format has an id of its own, and is read or written', () => {
  const ids = formats.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const format of formats) {
    expect(format.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect([format.id, canImport(format) || canExport(format)]).toEqual([format.id, true]);
  }
});

test('each format says in both languages what it cannot hold, and what its options mean', () => {
  for (const { id, cannotHold, chinese: inChinese, readOptions, writeOptions } of formats) {
    expect(cannotHold, id).not.toBe('');
    expect(inChinese?.cannotHold, id).toMatch(chinese);
    for (const schema of [readOptions, writeOptions]) {
      const { properties = {} } = describeOptions(schema);
      for (const [name, option] of Object.entries(properties)) {
        const where = `${id} ${name}`;
        expect(option.default, where).toBeDefined();
        expect(option.words?.english.title, where).toBeTruthy();
        expect(option.words?.chinese.title, where).toMatch(chinese);
        for (const value of option.enum ?? []) {
          expect(option.words?.english.choices?.[value], `${where} ${value}`).toBeDefined();
          expect(option.words?.chinese.choices?.[value], `${where} ${value}`).toBeDefined();
        }
      }
    }
  }
});

test('each format of a folder can have the photos beside it, where its readers look for them', () => {
  // Results are beside the file of an evaluation, and crops are photos themselves.
  const without = ['coco-results', 'crops'];
  const folders = formats.filter(
    ({ writer, exporter }) => (exporter ?? writer)?.output.kind === 'folder',
  );
  expect(folders.length).toBeGreaterThan(10);
  for (const { id, writeOptions } of folders) {
    const { properties = {} } = describeOptions(writeOptions);
    expect([id, 'photos' in properties]).toEqual([id, !without.includes(id)]);
  }
});

test('each program that a format names opens its exports in a test', () => {
  const scripts = ['coco/read_coco.py', 'formats/read_formats.py', 'formats/read_dataset.py'].map(
    (path) => readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8'),
  );
  const pickles = readFileSync(new URL('./formats/pickle.test.ts', import.meta.url), 'utf8');
  const modules: Record<string, string> = {
    Datumaro: 'datumaro',
    'Hugging Face DETR': 'transformers',
    'Python pickle': 'pickle',
    'cvat-sdk': 'cvat_sdk',
    'label-studio-sdk': 'label_studio_sdk',
  };
  for (const { provenAgainst = [] } of formats) {
    for (const name of provenAgainst) {
      const module = modules[name] ?? name;
      const isRead = [...scripts, pickles].some((source) =>
        new RegExp(`\\b(from|import) .*\\b${module}\\b`).test(source),
      );
      expect([name, isRead]).toEqual([name, true]);
    }
  }
});

test('an unknown format or option is named beside those that there are', () => {
  expect(() => formatById('cocoa')).toThrow(/The format "cocoa" is unknown; known formats: coco/);
  const coco = formatById('coco');
  const parse = (given: object) => () => parseOptions(coco, coco.writeOptions, { ...given });
  expect(parse({ profil: 'training' })).toThrow(
    /"profil" of COCO is invalid: it has no such option; it has profile, holes, tolerance/,
  );
  expect(parse({ tolerance: -1 })).toThrow(/"tolerance" of COCO is invalid/);
  expect(parse({ profile: 'training' })()).toEqual({
    profile: 'training',
    holes: 'keyhole',
    keepIds: false,
    tolerance: 0,
  });
});

test("the README's table is what `pixelsail formats --markdown` prints", () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  const table = /<!-- formats -->\n+([^]*?)\n+<!-- \/formats -->/.exec(readme)?.[1];
  expect(table).toBe(formatsInMarkdown(describeFormats()));
});
