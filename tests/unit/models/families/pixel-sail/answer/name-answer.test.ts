import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameAnswer } from '../../../../../../models/families/pixel-sail/answer/name-answer.ts';

/** Words are tokens; "No" is 1, "It" is 2. */
const words = ['<|endoftext|>', 'No', 'It', 'target', 'is', '[SEG].'];
const tokenizer = { encode: (text: string) => text.split(' ').map((word) => words.indexOf(word)) };

test('denies what the first word denies more than is allowed, else affirms, then ends', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (denied, most) => {
        fc.pre(Math.abs(denied - most) > 1e-3);
        const logits = new Float32Array(words.length).fill(-100);
        logits[1] = Math.log(denied);
        logits[2] = Math.log(1 - denied);
        const next = nameAnswer(tokenizer, most);
        expect(next(logits)).toEqual(denied > most ? [1, 3, 5] : [2, 4, 5]);
        expect(next(logits)).toEqual([0]);
      },
    ),
  );
});
