import { sentenceSet, type Translation } from '../sentence-set.ts';

/** Parts of an annotation that a format does not store. */

type Beside = 'attributes' | 'texts' | 'crowd';

const englishWords: Readonly<Record<Beside, string>> = {
  attributes: 'attributes',
  texts: 'texts',
  crowd: 'crowd mark',
};

const chineseWords: Readonly<Record<Beside, string>> = {
  attributes: '属性',
  texts: '文字',
  crowd: '群体标记',
};

const english = {
  besidesLeftOut: ({ what }: { what: readonly Beside[] }) =>
    `the format does not store its ${what.map((beside) => englishWords[beside]).join(' and ')}; only the region is written`,
};

const chinese: Translation<typeof english> = {
  besidesLeftOut: ({ what }) =>
    `该格式不保存其${what.map((beside) => chineseWords[beside]).join('和')}；只写出区域`,
};

export const leftOutSentences = sentenceSet(english, chinese);
