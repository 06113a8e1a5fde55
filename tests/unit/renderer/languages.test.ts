import { afterEach, describe, expect, it } from 'vitest';
import { languageOf } from '../../../app/api/settings.ts';
import {
  AppError,
  errorCodes,
  fromErrorEnvelope,
  toErrorEnvelope,
  type ErrorEnvelope,
} from '../../../core/errors.ts';
import { tools } from '../../../renderer/editor/tools/registry.ts';
import { english } from '../../../renderer/i18n/en.ts';
import { failureText } from '../../../renderer/i18n/failure-text.ts';
import { speak, text } from '../../../renderer/i18n/text.svelte.ts';
import { chinese } from '../../../renderer/i18n/zh-CN.ts';
import { fileFailure } from '../../../app/files/sentences.ts';

/** The plain texts of a dictionary by their path, such as `start.create`. */
function plainTexts(texts: object, path = ''): (readonly [path: string, value: string])[] {
  return Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') return [[at, value] as const];
    return typeof value === 'object' && value !== null ? plainTexts(value, at) : [];
  });
}

describe('languages', () => {
  afterEach(() => void speak('en', []));

  it('are chosen from those of the system', () => {
    expect(languageOf('system', ['de-DE', 'zh-Hant-TW', 'en'])).toBe('zh-CN');
    expect(languageOf('system', ['en-GB', 'zh-CN'])).toBe('en');
    expect(languageOf('system', ['fr'])).toBe('en');
  });

  it('change at run time', () => {
    expect(text.start.create).toBe(english.start.create);
    expect(speak('system', ['zh-CN'])).toBe('zh-CN');
    expect(text.start.create).toBe(chinese.start.create);
    speak('en', ['zh-CN']);
    expect(text.start.create).toBe(english.start.create);
  });

  it('leave no text in English', () => {
    const names =
      /^(app\.name|devices\.|encode\.none|settings\.languages\.en|settings\.keyProfiles\.)/;
    const ofTools = tools.flatMap(({ words }) => plainTexts(words['zh-CN']));
    const untranslated = [...plainTexts(chinese), ...ofTools].filter(
      ([path, value]) => !names.test(path) && !/\p{Script=Han}/u.test(value),
    );
    expect(untranslated).toEqual([]);
  });

  it('give a list of gestures and steps as long as the English one', () => {
    expect(plainTexts(chinese).map(([path]) => path)).toEqual(
      plainTexts(english).map(([path]) => path),
    );
  });

  it('count in their own grammar', () => {
    expect(english.units.images(1)).toBe('1 image');
    expect(english.units.images(12_000)).toBe('12,000 images');
    expect(chinese.units.images(12_000)).toBe('12,000 张图像');
  });
});

describe('failures', () => {
  afterEach(() => void speak('en', []));

  const full = fileFailure('disk-full', 'fileFailed', {
    action: 'write',
    path: '/data/out.json',
    reason: 'disk-full',
  });

  it('are said in the language of the interface, from the same parts', () => {
    expect(failureText(full)).toBe(
      'Cannot write /data/out.json: the disk is full. Free some space and try again.',
    );
    speak('zh-CN', []);
    expect(failureText(full)).toBe('无法写入 /data/out.json：磁盘已满。请腾出一些空间，然后重试。');
  });

  it('cross a process boundary with their sentence', () => {
    const envelope = JSON.parse(JSON.stringify(toErrorEnvelope(full))) as ErrorEnvelope;
    speak('zh-CN', []);
    expect(failureText(envelope)).toBe(failureText(full));
    expect(failureText(fromErrorEnvelope(envelope))).toBe(failureText(full));
  });

  it('without a Chinese sentence are headed in Chinese and lose no word of the English', () => {
    for (const code of errorCodes) {
      const said = new AppError(code, 'Tensor a.weight is 3 wide; expected 4.');
      expect(failureText(said)).toBe(said.message);
      speak('zh-CN', []);
      expect(failureText(said)).toMatch(
        /^\p{Script=Han}.*\n英文详情：Tensor a\.weight is 3 wide; expected 4\.$/u,
      );
      speak('en', []);
    }
  });
});
