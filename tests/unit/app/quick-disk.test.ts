import { expect, test, vi } from 'vitest';
import { QuickDisk } from '../../../app/files/quick-disk.ts';

function takes(ms: number): () => string {
  return () => {
    vi.advanceTimersByTime(ms);
    return 'done';
  };
}

test('a disk that was slow is spared for a while, and tried again', () => {
  vi.useFakeTimers();
  try {
    const disk = new QuickDisk();
    expect(disk.attempt(takes(1))).toBe('done');
    expect(disk.attempt(takes(500))).toBe('done');
    const answers = Array.from({ length: 1000 }, () => disk.attempt(takes(1)));
    const spared = answers.findIndex((answer) => answer !== null);
    expect(spared).toBeGreaterThan(50);
    expect(answers.slice(spared).every((answer) => answer === 'done')).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('a failure is told, and a slow one counts too', () => {
  vi.useFakeTimers();
  try {
    const disk = new QuickDisk();
    const fail = () => {
      takes(500)();
      throw new Error('no such file');
    };
    expect(() => disk.attempt(fail)).toThrow('no such file');
    expect(disk.attempt(takes(1))).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});
