import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { launcher } from '../../integration/cli/workplace.ts';
import { drawPhoto } from '../draw-photo.ts';
import type { Attempt, Family } from '../family.ts';
import type { Mutator } from '../mutator.ts';

const samples: readonly (readonly string[])[] = [
  ['init', 'new', '--name', 'New'],
  ['import', 'new', 'photo.jpg'],
  ['export', 'new', 'out.json', '--profile', 'training'],
  ['segment', 'photo.jpg', '--box', '4,4,20,20', '--overlay', 'overlay.png', '--json'],
  ['segment', 'photo.jpg', '--point', '9,9', '--text', 'cat'],
  ['describe', 'photo.jpg', '--point', '9,9'],
  ['ask', 'photo.jpg', '--text', 'What?', '--choices', 'cat,dog'],
  ['annotate', 'new', '--categories', 'cat,dog'],
  ['eval', '--coco', 'in.json', '--images', '.', '--prompt', 'box', '--limit', '3'],
  ['convert', 'checkpoint', 'package', '--precision', 'int8'],
  ['models'],
  ['check', 'new'],
  ['backup', 'new'],
];

/**
 * Command lines with damaged words: the exit code is one of the documented ones and no stack is
 * shown.
 */
export const commandLines: Family = {
  name: 'command-lines',
  weight: 1,
  async prepare() {
    const photo = await drawPhoto('jpeg', 1);
    const attempt: Attempt = async (mutator, folder) => {
      await writeFile(join(folder, 'photo.jpg'), photo);
      await writeFile(join(folder, 'in.json'), mutator.damagedBytes(Buffer.from('{"images":[]}')));
      const words = damagedWords(mutator, mutator.pick(samples));
      const { code, stderr } = await run(words, folder);
      const fault = findFault(code, stderr);
      return {
        ended: code === 0 ? 'accepted' : 'refused',
        code: `exit ${code}`,
        ...(fault
          ? { fault: `${fault} from ${JSON.stringify(words)}: ${stderr.slice(0, 400)}` }
          : {}),
      };
    };
    return attempt;
  },
};

function damagedWords(mutator: Mutator, sample: readonly string[]): string[] {
  const words = [...sample];
  for (let count = 1 + mutator.below(2); count > 0; count--) {
    const at = 1 + mutator.below(words.length);
    const word = mutator.chance(0.5) ? mutator.text() : String(mutator.number());
    if (mutator.chance(0.6)) words[Math.min(at, words.length - 1)] = word;
    else if (mutator.chance(0.5)) words.splice(at, 0, word);
    else words.splice(at, 1);
  }
  // The operating system itself refuses a zero character in a word.
  return words.map((word) => word.replaceAll('\0', '\u0001'));
}

function run(
  words: readonly string[],
  folder: string,
): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(launcher, words, {
      cwd: folder,
      env: { ...process.env, PIXELSAIL_HOME: join(folder, 'home') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stderr }));
  });
}

function findFault(code: number | null, stderr: string): string | null {
  if (code === null) return 'killed by a signal';
  if (![0, 2, 3, 4, 5, 6, 7].includes(code)) return `exit code ${code}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(stderr)) return 'stack trace';
  return null;
}
