import { languageOf, type Language, type LanguageChoice } from '../app/api/settings.ts';

/**
 * Texts of the shell for situations without a working page. The interface provides all other
 * texts, including the menu and the question about unsaved changes.
 */
const english = {
  project: 'Pixel-SAIL project',
  dataset: 'Dataset',
  stopped: {
    message: 'The window stopped working.',
    crashed: (times: number, reason: string) =>
      `It stopped ${times} times in a minute (${reason}).`,
    hangs: 'It does not respond.',
    detail: 'Reloading loses only changes that were not shown as saved.',
    load: 'Reload',
    wait: 'Wait',
  },
  noAnswer: {
    message: 'The window does not respond.',
    detail: 'The latest changes may be unsaved. Changes shown as saved are kept.',
    stay: 'Wait',
    leave: 'Close anyway',
  },
  appMenu: {
    about: (name: string) => `About ${name}`,
    hide: (name: string) => `Hide ${name}`,
    hideOthers: 'Hide others',
    unhide: 'Show all',
    quit: (name: string) => `Quit ${name}`,
  },
};

type ShellTexts = typeof english;

const chinese: ShellTexts = {
  project: 'Pixel-SAIL 项目',
  dataset: '数据集',
  stopped: {
    message: '窗口停止工作。',
    crashed: (times, reason) => `它在一分钟内停止了 ${times} 次（${reason}）。`,
    hangs: '它没有响应。',
    detail: '重新加载只会丢失未显示为已保存的更改。',
    load: '重新加载',
    wait: '等待',
  },
  noAnswer: {
    message: '窗口没有响应。',
    detail: '最新的更改可能尚未保存。显示为已保存的更改都会保留。',
    stay: '等待',
    leave: '仍然关闭',
  },
  appMenu: {
    about: (name) => `关于 ${name}`,
    hide: (name) => `隐藏 ${name}`,
    hideOthers: '隐藏其他',
    unhide: '全部显示',
    quit: (name) => `退出 ${name}`,
  },
};

const dictionaries: Readonly<Record<Language, ShellTexts>> = { en: english, 'zh-CN': chinese };

let spoken: Language = 'en';

/** The shell's texts in the language that is chosen now; read them where they are shown. */
export function shellTexts(): ShellTexts {
  return dictionaries[spoken];
}

/** Changes the language of the shell. @param ofSystem what the system prefers, as BCP 47 tags */
export function speak(choice: LanguageChoice, ofSystem: readonly string[]): void {
  spoken = languageOf(choice, ofSystem);
}
