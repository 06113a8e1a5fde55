/** Sentences of findings about a question, for the tasks that have one. */
export const questionTexts = {
  english: {
    empty: () => 'Write the question first.',
    'no-answer': () => 'The answer is missing. Mark a choice, or write an answer.',
    'names-category': ({ name }: { readonly name: string }) =>
      `The text contains the category “${name}”. Paraphrase it: describe the appearance or the position.`,
  },
  chinese: {
    empty: () => '请先写问题。',
    'no-answer': () => '还没有答案。请标记一个选项，或写出答案。',
    'names-category': ({ name }: { readonly name: string }) =>
      `文字中含有类别“${name}”。请改写：描述外观或位置。`,
  },
} as const;
