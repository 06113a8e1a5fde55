import { sentenceSet } from '../../sentence-set.ts';
import type { AttributeKind } from './hints.ts';

interface Words {
  readonly words: number;
}

const english: Readonly<Record<AttributeKind, string>> = {
  colour: 'colour',
  material: 'material',
  shape: 'shape or size',
  position: 'position',
  action: 'action',
};

const chinese: Readonly<Record<AttributeKind, string>> = {
  colour: '颜色',
  material: '材质',
  shape: '形状或大小',
  position: '位置',
  action: '动作',
};

function listIn(
  locale: string,
  names: Readonly<Record<AttributeKind, string>>,
  kinds: readonly AttributeKind[],
): string {
  return new Intl.ListFormat(locale).format(kinds.map((kind) => names[kind]));
}

/** The findings about a description. */
export const descriptionSentences = sentenceSet(
  {
    empty: () => 'Write the description first.',
    'too-short': ({ words, least }: Words & { readonly least: number }) =>
      `${words === 1 ? '1 word' : `${words} words`} are few. Add details that distinguish this region; ${least} or more are usual.`,
    'too-long': ({ words, most }: Words & { readonly most: number }) =>
      `${words.toLocaleString('en')} words are many. Describe this region only; up to ${most} are usual.`,
    'few-attributes': ({ missing }: { readonly missing: readonly AttributeKind[] }) =>
      `Not mentioned: ${listIn('en', english, missing)}. Add a visible attribute.`,
    repeats: ({ words }: { readonly words: string }) =>
      `“${words}” is repeated. Remove the repetition.`,
  },
  {
    empty: () => '请先写描述。',
    'too-short': ({ words, least }) =>
      `只有 ${words} 个词，偏少。请补充能与其他区域区分的内容；通常不少于 ${least} 个。`,
    'too-long': ({ words, most }) =>
      `有 ${words.toLocaleString('zh-CN')} 个词，偏多。请只写这个区域；通常不超过 ${most} 个。`,
    'few-attributes': ({ missing }) =>
      `没有提到${listIn('zh-CN', chinese, missing)}。请补充一项可见的属性。`,
    repeats: ({ words }) => `“${words}”重复。请去掉重复。`,
  },
);
