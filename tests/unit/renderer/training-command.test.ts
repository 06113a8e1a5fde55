import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { trainingCommand } from '../../../renderer/training-command.ts';

test('the command to train with names the project and the model', () => {
  expect(trainingCommand('/data/birds.pixelsail', 'pixel-sail-nano')).toBe(
    './pixelsail finetune /data/birds.pixelsail --model pixel-sail-nano',
  );
  expect(trainingCommand('C:\\My birds\\a.pixelsail', null)).toBe(
    './pixelsail finetune "C:\\My birds\\a.pixelsail"',
  );
});

test.skipIf(process.platform === 'win32')('a shell takes any project file as one word', () => {
  const file = '/data/Anna’s & Tom\'s "birds" $HOME `x`.pixelsail';
  const printed = trainingCommand(file, null).replace('./pixelsail finetune', "printf '%s'");
  expect(execFileSync('sh', ['-c', printed], { encoding: 'utf8' })).toBe(file);
});
