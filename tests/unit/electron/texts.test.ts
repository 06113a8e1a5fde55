import { afterEach, expect, test } from 'vitest';
import { shellTexts, speak } from '../../../electron/texts.ts';

afterEach(() => speak('en', []));

test('the shell speaks the chosen language, or the first one of the system that it knows', () => {
  expect(shellTexts().noAnswer.leave).toBe('Close anyway');
  speak('zh-CN', ['en']);
  expect(shellTexts().noAnswer.leave).toBe('仍然关闭');
  speak('system', ['fr', 'zh-Hans-CN']);
  expect(shellTexts().stopped.crashed(3, 'oom')).toBe('它在一分钟内停止了 3 次（oom）。');
  speak('system', ['fr']);
  expect(shellTexts().stopped.crashed(3, 'oom')).toBe('It stopped 3 times in a minute (oom).');
});
