import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuChoice, cpuPlans } from '../../../app/engine/cpu-plans.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'pixel-sail-plans-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('plans of the CPU', () => {
  it('are kept from one start to the next, the latest of each key', async () => {
    await cpuPlans(home).keep('one', { kind: 'fused', threads: 4 });
    await cpuPlans(home).keep('other', { kind: 'integer', threads: 2 });
    await cpuPlans(home).keep('one', { kind: 'integer', threads: 4 });
    expect(await cpuPlans(home).find('one')).toEqual({ kind: 'integer', threads: 4 });
    expect(await cpuPlans(home).find('other')).toEqual({ kind: 'integer', threads: 2 });
    expect(await cpuPlans(home).find('unknown')).toBeNull();
  });

  it('are measured again where their file cannot be read', async () => {
    const file = join(home, 'cpu-plans.json');
    await writeFile(file, '{"one": {"kind": "quantum", "threads": 1}}');
    expect(await cpuPlans(home).find('one')).toBeNull();
    await cpuPlans(home).keep('one', { kind: 'fused', threads: 1 });
    expect(await cpuPlans(home).find('one')).toEqual({ kind: 'fused', threads: 1 });
  });

  it('do not stop a start where they cannot be kept', async () => {
    await writeFile(join(home, 'file'), '');
    const plans = cpuPlans(join(home, 'file', 'below'));
    await plans.keep('one', { kind: 'fused', threads: 1 });
    expect(await plans.find('one')).toBeNull();
  });
});

describe('PIXELSAIL_ARITHMETIC', () => {
  it('says how the CPU computes; by itself it is measured', () => {
    expect(cpuChoice(home, true, {}).arithmetic).toBe('auto');
    expect(cpuChoice(home, true, { PIXELSAIL_ARITHMETIC: 'int8' }).arithmetic).toBe('int8');
  });

  it('is refused with the values that it may have', () => {
    expect(() => cpuChoice(home, true, { PIXELSAIL_ARITHMETIC: 'int9' })).toThrow(
      'PIXELSAIL_ARITHMETIC is int9; expected one of auto, float32, int8.',
    );
  });
});
