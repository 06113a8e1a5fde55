import { afterEach, describe, expect, it } from 'vitest';
import { english } from '../../../renderer/i18n/en.ts';
import { speak, systemLanguage, text } from '../../../renderer/i18n/text.svelte.ts';
import { chinese } from '../../../renderer/i18n/zh-CN.ts';

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
    expect(systemLanguage(['de-DE', 'zh-Hant-TW', 'en'])).toBe('zh-CN');
    expect(systemLanguage(['en-GB', 'zh-CN'])).toBe('en');
    expect(systemLanguage(['fr'])).toBe('en');
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
    const untranslated = plainTexts(chinese).filter(
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
