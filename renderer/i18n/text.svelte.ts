import { languageOf, type Language, type LanguageChoice } from '../../app/api/settings.ts';
import { english, type Texts } from './en.ts';
import { chinese } from './zh-CN.ts';

const dictionaries: Readonly<Record<Language, Texts>> = { en: english, 'zh-CN': chinese };

let spoken = $state.raw<Language>('en');

/**
 * The texts of the interface in the language that is chosen; where it is read, it follows a
 * change.
 */
export const text: Texts = new Proxy(english, {
  get: (_, key) => Reflect.get(dictionaries[spoken], key) as unknown,
});

/** The text of a translated pair in the chosen language. */
export function spokenOf<Words>(words: Readonly<Record<Language, Words>>): Words {
  return words[spoken];
}

/** Changes the language of everything that is shown. Returns the language that it is now. */
export function speak(choice: LanguageChoice, ofSystem: readonly string[]): Language {
  spoken = languageOf(choice, ofSystem);
  return spoken;
}
