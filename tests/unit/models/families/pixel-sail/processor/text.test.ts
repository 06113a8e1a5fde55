import { describe, expect, it } from 'vitest';
import { chatPrompt } from '../../../../../../models/families/pixel-sail/processor/chat.ts';
import {
  choiceAnswers,
  choiceQuestion,
  descriptionQuestion,
  isAboutPlace,
  regionAnswer,
  regionQuestion,
  regionReference,
  textQuestion,
} from '../../../../../../models/families/pixel-sail/processor/templates.ts';

describe('chat form', () => {
  it('has neither system turn nor assistant header and keeps spaces', () => {
    expect(chatPrompt(' Please segment cat in this image.')).toBe(
      '<|im_start|>user\n Please segment cat in this image.<|im_end|>\n',
    );
  });

  it('deletes image placeholders and lets the answer follow at once', () => {
    expect(chatPrompt('<image>What is it?', 'It is [SEG].')).toBe(
      '<|im_start|>user\nWhat is it?<|im_end|>\nIt is [SEG].',
    );
  });
});

describe('templates', () => {
  it('ask for expressions in the words of the evaluation, leading space included', () => {
    const asked = ' Please segment left horse in this image.';
    expect(textQuestion('left horse')).toBe(asked);
    expect(textQuestion('  left horse. ')).toBe(asked);
  });

  it('leave requests, questions and texts that name regions as they are', () => {
    for (const text of [
      'Please segment the cat in this image.',
      'Which one is jumping?',
      ' Could you highlight the ball',
      'the horse left of <Prompt0>',
    ]) {
      expect(textQuestion(text)).toBe(text);
    }
  });

  it('ask for regions by name and expect one [SEG] each', () => {
    expect(regionQuestion([{ id: 0, with: null, not: null }])).toBe(
      'Please segment <Prompt0> in this image.',
    );
    expect(regionAnswer([0])).toBe('It is [SEG].');
    expect(
      regionQuestion([
        { id: 0, with: null, not: 2 },
        { id: 1, with: null, not: null },
      ]),
    ).toBe('Please segment <Prompt0> but not <Prompt2>, <Prompt1> in this image.');
    expect(regionQuestion([{ id: 0, with: 1, not: 2 }])).toBe(
      'Please segment <Prompt0> with <Prompt1> but not <Prompt2> in this image.',
    );
    expect(regionAnswer([0, 1])).toBe('<Prompt0> [SEG], <Prompt1> [SEG].');
  });

  it('select choices in the form in which the model answers', () => {
    expect(choiceAnswers(['cat', 'dog'], '(B) dog')).toEqual(['(A) cat', '(B) dog']);
    expect(choiceAnswers(['cat', 'dog'], 'dog.')).toEqual(['cat.', 'dog.']);
  });

  it('know which questions depend on what lies around a region', () => {
    for (const question of ['Where is it?', 'What is to the LEFT of it?', 'Is it next to a dog?']) {
      expect(isAboutPlace(question)).toBe(true);
    }
    for (const question of ['What is this?', 'Which material is it made of?', 'Is it upright?']) {
      expect(isAboutPlace(question)).toBe(false);
    }
  });

  it('ask for descriptions and choices as PerBench does', () => {
    expect(descriptionQuestion(0)).toBe(
      'Can you provide me with a detailed description of the region in the picture marked by <Prompt0>? Please provide as detailed as possible.',
    );
    expect(`${regionReference(0)}${choiceQuestion('What is this?', ['cat', 'dog'])}`).toBe(
      'Please answer the question according to the <Prompt0>. What is this? (A) cat (B) dog Select a correct choice.',
    );
  });
});
