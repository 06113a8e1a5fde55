/**
 * One question in the reference's chat form. The image block stands before it, the answer follows
 * at once, and `<|endoftext|>` closes the answer. There is no system turn and no assistant header.
 * Spaces are kept; `<image>` placeholders are deleted, because the image block has its own place.
 */
export function chatPrompt(question: string, answerPrefix = ''): string {
  return `<|im_start|>user\n${question.replaceAll('<image>', '')}<|im_end|>\n${answerPrefix}`;
}

/** Tokens that end an answer. */
export const stopTokens = ['<|endoftext|>', '<|im_end|>'] as const;
