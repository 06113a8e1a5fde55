import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { projectOfCommandLine } from '../../../electron/command-line.ts';

test.each([
  [['studio'], null],
  [['studio', '--sample'], null],
  [['studio', '--allow-file-access', '--user-data-dir=/x.pixelsail'], null],
  [['studio', '/photos/birds.pixelsail'], resolve('/photos/birds.pixelsail')],
  [['studio', 'birds.pixelsail', '--flag'], resolve('/where', 'birds.pixelsail')],
  [['studio', 'file:///my%20photos/birds.pixelsail'], resolve('/my photos/birds.pixelsail')],
  [['studio', 'a.pixelsail', '../b.pixelsail'], resolve('/b.pixelsail')],
])('%j names %s', (words, file) => {
  expect(projectOfCommandLine(words, '/where')).toBe(file);
});
