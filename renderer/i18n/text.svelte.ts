import type { Language, LanguageChoice } from '../../app/api/settings.ts';
import { english, type Texts } from './en.ts';
import { chinese } from './zh-CN.ts';

const dictionaries: Readonly<Record<Language, Texts>> = { en: english, 'zh-CN': chinese };

let spoken = $state.raw<Language>('en');

/** The texts of the interface in the language that is chosen; where it is read, it follows a change. */
export const text: Texts = new Proxy(english, {
  get: (_, key) => Reflect.get(dictionaries[spoken], key) as unknown,
});

/** Changes the language of everything that is shown. Returns the language that it is now. */
export function speak(choice: LanguageChoice, ofSystem: readonly string[]): Language {
  spoken = choice === 'system' ? systemLanguage(ofSystem) : choice;
  return spoken;
}

/**
 * The first of a person's languages that there is a dictionary for, else English. Every kind of Chinese is
 * answered in the simplified script, the only one there is here.
 */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const [primary] = tag.toLowerCase().split('-');
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}
