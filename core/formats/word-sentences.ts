import { failuresOf, type AppError, type ErrorCode } from '../errors.ts';
import { sentenceSet, type PartsIn } from '../sentence-set.ts';

/**
 * Sentences of the formats with texts about regions and images. All but the first are clauses.
 */
export const wordSentences = sentenceSet(
  {
    wordsNone: ({ name, title, expected }: { name: string; title: string; expected: string }) =>
      `Expected a dataset in the format ${title}, ${expected}, but ${name} has none. ` +
      'Choose the JSON file or its folder.',
    wordsTagMissing: ({ tag }: { tag: string }) =>
      `its tag ${tag} is neither in the question nor in the answer`,
    wordsTagInside: ({ tag, other }: { tag: string; other: string }) =>
      `its tag ${tag} is part of the tag ${other}; readers would replace it in the wrong place`,
    wordsItemLeft: ({ words }: { words: string }) =>
      `"${words}" refers to regions in a form that the format does not store, or to a region that is not written; it is left out`,
    wordsTagRenamed: ({ tag, name }: { tag: string; name: string }) =>
      `its tag ${tag} is written as ${name}, because readers would replace it in the wrong place`,
    wordsRegionMissing: ({ region, count }: { region: number; count: number }) =>
      `it refers to region ${region}, but there are ${count} regions`,
    wordsSeveralRegions: ({ count }: { count: number }) =>
      `it refers to ${count} regions, but a text of this format refers to one; it is left out`,
    wordsUnpaired: () =>
      'its turns are not pairs of "human" and "gpt"; answers cannot be matched to questions',
    wordsOtherRole: ({ role }: { role: string }) => `a turn of the role "${role}" is left out`,
    wordsAnswerInside: ({ answer, choice }: { answer: string; choice: string }) =>
      `its answer "${answer}" is part of the choice "${choice}", which scoring would also accept as correct`,
    wordsSpanWrong: ({ phrase }: { phrase: string }) =>
      `its token_positives do not match the position of "${phrase}" in the caption`,
    wordsPhraseMissing: () =>
      'none of its referring expressions occurs in a description of its image; it cannot be linked to a caption',
    wordsNothingSaid: () => 'it has no texts that this format stores',
    wordsRegionLeft: () => 'regions are not stored by this format',
    wordsTextLeft: ({ count }: { count: number }) =>
      `${count} of its texts are not stored by this format`,
    wordsShort: () => 'its description is shorter than 6 characters; readers skip it',
    wordsUndescribed: () => 'it has no description; readers skip it',
    wordsCategoriesLeft: ({ count }: { count: number }) =>
      `the format has no categories; those of ${count} regions are left out`,
    wordsSplitsLeft: ({ count }: { count: number }) =>
      `the format has no splits; those of ${count} images are left out`,
  },
  {
    wordsNone: ({ name, title, expected }) =>
      `应为 ${title} 格式的数据集（${expected}），但 ${name} 中没有。请选择 JSON 文件或其所在的文件夹。`,
    wordsTagMissing: ({ tag }) => `其标记 ${tag} 既不在问题中，也不在答案中`,
    wordsTagInside: ({ tag, other }) =>
      `其标记 ${tag} 是标记 ${other} 的一部分，读取程序会在错误位置替换`,
    wordsItemLeft: ({ words }) =>
      `“${words}”引用区域的方式此格式无法保存，或引用了未写出的区域；未写出`,
    wordsTagRenamed: ({ tag, name }) => `其标记 ${tag} 写为 ${name}，否则读取程序会在错误位置替换`,
    wordsRegionMissing: ({ region, count }) => `它引用第 ${region} 个区域，但只有 ${count} 个区域`,
    wordsSeveralRegions: ({ count }) =>
      `它引用 ${count} 个区域，而此格式的一条文字只引用一个；未导入`,
    wordsUnpaired: () => '其对话不是 "human" 与 "gpt" 成对，无法对应问题与回答',
    wordsOtherRole: ({ role }) => `角色“${role}”的发言未导入`,
    wordsAnswerInside: ({ answer, choice }) =>
      `其答案“${answer}”是选项“${choice}”的一部分，评分会把该选项也当作正确`,
    wordsSpanWrong: ({ phrase }) => `其 token_positives 不是描述中“${phrase}”所在的位置`,
    wordsPhraseMissing: () => '其图像的描述中没有它的任何指代表达式，无法与描述关联',
    wordsNothingSaid: () => '它没有此格式能保存的文字',
    wordsRegionLeft: () => '此格式不保存区域',
    wordsTextLeft: ({ count }) => `此格式不保存其中 ${count} 条文字`,
    wordsShort: () => '其描述少于 6 个字符；读取程序会跳过',
    wordsUndescribed: () => '它没有描述；读取程序会跳过',
    wordsCategoriesLeft: ({ count }) => `此格式没有类别；${count} 个区域的类别不写出`,
    wordsSplitsLeft: ({ count }) => `此格式没有划分；${count} 个图像的划分不写出`,
  },
);

const wordFailure = failuresOf(wordSentences);

/** A problem of a text about regions or images. */
export function wordProblem<Name extends keyof typeof wordSentences.english>(
  name: Name,
  parts: PartsIn<typeof wordSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return wordFailure(code, name, parts);
}
