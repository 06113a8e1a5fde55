import { sentenceSet, type Translation } from '../sentence-set.ts';

/** What is said of parts of an annotation for which a format has no place. */

type Beside = 'attributes' | 'texts' | 'crowd';

const englishWords: Readonly<Record<Beside, string>> = {
  attributes: 'attributes',
  texts: 'texts',
  crowd: 'crowd mark',
};

const chineseWords: Readonly<Record<Beside, string>> = {
  attributes: '属性',
  texts: '文本',
  crowd: '群体标记',
};

const english = {
  besidesLeftOut: ({ what }: { what: readonly Beside[] }) =>
    `the format has no place for its ${what.map((beside) => englishWords[beside]).join(' and ')}; the region is written without`,
};

const chinese: Translation<typeof english> = {
  besidesLeftOut: ({ what }) =>
    `该格式不保存其${what.map((beside) => chineseWords[beside]).join('和')}；只写出区域`,
};

export const leftOutSentences = sentenceSet(english, chinese);
