import { expect, test } from 'vitest';
import { stepLabel, stepText, stepTexts } from '../../../../core/project/step-labels.ts';
import { chineseSteps } from '../../../../core/project/step-labels-zh-CN.ts';

test('a label is said in the language of its reader', () => {
  const label = stepLabel('remove', { count: 3 });
  expect(stepText(stepTexts, label)).toBe('Delete 3 regions');
  expect(stepText(chineseSteps, label)).toBe('删除 3 个区域');
});

test('a label of an older version is the words that it stored', () => {
  expect(stepText(chineseSteps, 'Draw a boat')).toBe('Draw a boat');
});

test('a label that another version, or a stranger, wrote shows its key and never fails', () => {
  expect(stepText(stepTexts, { key: 'teleport', parts: {} })).toBe('teleport');
  expect(stepText(stepTexts, { key: 'toString', parts: {} })).toBe('toString');
  expect(stepText(stepTexts, { key: 'accept', parts: {} })).toBe('accept');
  expect(stepText(stepTexts, { key: 'state', parts: { state: 'lost' } })).toBe('state');
});
