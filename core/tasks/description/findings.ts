import { defineFindings } from '../findings.ts';
import { descriptionHints } from './hints.ts';
import { descriptionSentences } from './finding-texts.ts';

/** The checks of a description. */
export const descriptionFindings = defineFindings({
  sentences: descriptionSentences,
  hindrances: ['empty'],
  of: ({ content: { text } }: { readonly content: { readonly text: string } }) =>
    text.trim() === '' ? [{ kind: 'empty' }] : descriptionHints(text),
});
