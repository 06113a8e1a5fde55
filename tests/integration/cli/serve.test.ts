import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { commandTimeoutMs, Workplace } from './workplace.ts';

vi.setConfig({ testTimeout: commandTimeoutMs });

const workplace = new Workplace();

beforeAll(() => workplace.run('init', 'birds'));
afterAll(() => workplace.remove());

describe('serve', () => {
  test('makes a link for each --person and opens the project behind them', async () => {
    const running = workplace.start([
      'serve',
      '--person',
      'Mei',
      '--person',
      ' Ada  Lovelace ',
      'birds',
    ]);
    let said = '';
    await new Promise<void>((resolve) => {
      running.child.stdout!.on('data', (text: string) => {
        said += text;
        if (said.includes('For Ada')) resolve();
      });
      void running.finished.then(() => resolve());
    });
    running.child.kill('SIGTERM');
    const { stdout, stderr } = await running.finished;
    const links = [...stdout.matchAll(/^For (.+): http/gm)].map(([, name]) => name);
    expect(links, stderr).toEqual(['Mei', 'Ada Lovelace']);
  });

  test.each(['', '  '])('refuses the name "%s", whose link would be nobody\'s', async (name) => {
    const { code, stdout, stderr } = await workplace.run('serve', 'none', '--person', name);
    expect(stderr).toContain('Expected the name of a person');
    expect([code, stdout]).toEqual([2, '']);
  });
});
