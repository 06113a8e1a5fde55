import { failuresOf, type AppError, type ErrorCode } from '../errors.ts';
import { sentenceSet, type PartsIn } from '../sentence-set.ts';

/**
 * What formats say that teach or test models by words about regions and images. Clauses, but for
 * the first.
 */
export const wordSentences = sentenceSet(
  {
    wordsNone: ({ name, title, expected }: { name: string; title: string; expected: string }) =>
      `Expected a dataset in the format ${title}, ${expected}, but ${name} holds none. ` +
      'Choose the JSON file, or the folder that it lies in.',
    wordsTagMissing: ({ tag }: { tag: string }) =>
      `its tag ${tag} is neither in the question nor in the answer`,
    wordsTagInside: ({ tag, other }: { tag: string; other: string }) =>
      `its tag ${tag} is part of the tag ${other}, which readers replace wrongly`,
    wordsItemLeft: ({ words }: { words: string }) =>
      `"${words}" is about regions in a way that the format cannot hold, or about one that is not written; it is left out`,
    wordsTagRenamed: ({ tag, name }: { tag: string; name: string }) =>
      `its tag ${tag} is written as ${name}, for readers would replace it in the wrong place`,
    wordsRegionMissing: ({ region, count }: { region: number; count: number }) =>
      `it is about region ${region} where there are ${count}`,
    wordsSeveralRegions: ({ count }: { count: number }) =>
      `it is about ${count} regions, and a text here is about one; it is left out`,
    wordsUnpaired: () =>
      'its turns are not pairs of "human" and "gpt", so nobody can know what answers what',
    wordsOtherRole: ({ role }: { role: string }) => `a turn of "${role}" has no place here`,
    wordsAnswerInside: ({ answer, choice }: { answer: string; choice: string }) =>
      `its answer "${answer}" is part of the choice "${choice}", so the scoring takes that choice for right, too`,
    wordsSpanWrong: ({ phrase }: { phrase: string }) =>
      `its token_positives are not where the caption says "${phrase}"`,
    wordsPhraseMissing: () =>
      'no description of its image has one of its referring expressions in it, so it cannot be tied to a caption',
    wordsNothingSaid: () => 'nothing is said of it that this format holds',
    wordsRegionLeft: () => 'this format has no place for regions',
    wordsTextLeft: ({ count }: { count: number }) =>
      `${count} of its texts have no place in this format`,
    wordsShort: () => 'its description is shorter than 6 characters, and readers pass over it',
    wordsUndescribed: () => 'it has no description, and readers pass over it',
    wordsCategoriesLeft: ({ count }: { count: number }) =>
      `the format has no categories; those of ${count} regions are left out`,
    wordsSplitsLeft: ({ count }: { count: number }) =>
      `the format has no splits; those of ${count} images are left out`,
  },
  {
    wordsNone: ({ name, title, expected }) =>
      `应为 ${title} 格式的数据集（${expected}），但 ${name} 中没有。请选择该 JSON 文件，或它所在的文件夹。`,
    wordsTagMissing: ({ tag }) => `其标记 ${tag} 既不在问题中，也不在答案中`,
    wordsTagInside: ({ tag, other }) =>
      `其标记 ${tag} 是标记 ${other} 的一部分，读取程序会错误替换`,
    wordsItemLeft: ({ words }) =>
      `“${words}”与区域的关系此格式无法保存，或涉及未写出的区域；未写出`,
    wordsTagRenamed: ({ tag, name }) => `其标记 ${tag} 写为 ${name}，否则读取程序会在错误位置替换`,
    wordsRegionMissing: ({ region, count }) => `它关于第 ${region} 个区域，而区域共有 ${count} 个`,
    wordsSeveralRegions: ({ count }) => `它关于 ${count} 个区域，而此处一条文字只关于一个；未导入`,
    wordsUnpaired: () => '其对话不是 "human" 与 "gpt" 成对，无法知道哪个回答哪个',
    wordsOtherRole: ({ role }) => `“${role}”的发言在此处没有位置`,
    wordsAnswerInside: ({ answer, choice }) =>
      `其答案“${answer}”是选项“${choice}”的一部分，评分会把该选项也当作正确`,
    wordsSpanWrong: ({ phrase }) => `其 token_positives 不是描述中“${phrase}”所在的位置`,
    wordsPhraseMissing: () => '其图像的描述中没有它的任何指代表达式，无法与描述关联',
    wordsNothingSaid: () => '没有关于它的、此格式能保存的文字',
    wordsRegionLeft: () => '此格式没有区域的位置',
    wordsTextLeft: ({ count }) => `其中 ${count} 条文字在此格式中没有位置`,
    wordsShort: () => '其描述少于 6 个字符，读取程序会忽略',
    wordsUndescribed: () => '它没有描述，读取程序会忽略',
    wordsCategoriesLeft: ({ count }) => `此格式没有类别；${count} 个区域的类别不写出`,
    wordsSplitsLeft: ({ count }) => `此格式没有划分；${count} 个图像的划分不写出`,
  },
);

const wordFailure = failuresOf(wordSentences);

/** What is wrong or doubtful with words about regions and images. */
export function wordProblem<Name extends keyof typeof wordSentences.english>(
  name: Name,
  parts: PartsIn<typeof wordSentences.english, Name>,
  code: ErrorCode = 'invalid-input',
): AppError {
  return wordFailure(code, name, parts);
}
