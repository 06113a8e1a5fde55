import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CpuPlan } from '../../../../core/prompt.ts';
import { convertCheckpoint } from '../../../../models/families/pixel-sail/convert/convert.ts';
import { deviceTest } from '../../../../models/families/pixel-sail/network/device-test.ts';
import type {
  GraphRole,
  PixelSailManifest,
} from '../../../../models/families/pixel-sail/manifest.ts';
import {
  openCpu,
  type CpuChoice,
  type CpuPlans,
  type OpenedCpu,
} from '../../../../models/onnx/cpu-choice.ts';
import {
  largestDifference,
  openTested,
  type DeviceTest,
} from '../../../../models/onnx/self-test.ts';
import type { PackageGraphs, Sessions } from '../../../../models/onnx/session.ts';

const fixture = resolve(import.meta.dirname, '../../../fixtures/parity-small');

let folder: string;
let manifest: PixelSailManifest;
let source: PackageGraphs<GraphRole>;
let kept: Map<string, CpuPlan>;
let opened: OpenedCpu<GraphRole> | null = null;

const plans: CpuPlans = {
  find: (key) => Promise.resolve(kept.get(key) ?? null),
  keep: (key, plan) => Promise.resolve(void kept.set(key, plan)),
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pixel-sail-cpu-'));
  const directory = join(folder, 'package');
  manifest = await convertCheckpoint(fixture, directory, {
    precision: 'fp32',
    id: 'tiny',
    title: 'T',
  });
  source = { directory, graphs: manifest.graphs, hash: 'tiny' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await opened?.lease.release();
  opened = null;
});

async function open(
  choice: CpuChoice,
  test: DeviceTest<GraphRole> = deviceTest(manifest.config),
  threads: number | undefined = 1,
  from = source,
): Promise<OpenedCpu<GraphRole>> {
  opened = await openCpu(from, test, threads, choice);
  return opened;
}

/** The package with other files for its graphs in int8. */
function withIntegerFiles(integerFile: string | undefined): PackageGraphs<GraphRole> {
  const graphs = Object.entries(source.graphs).map(([role, graph]) => [
    role,
    { ...graph, integerFile },
  ]);
  return { ...source, graphs: Object.fromEntries(graphs) as typeof source.graphs };
}

/** Says for each session that answers the how manieth it is: 0 for the first one. */
function inOrder(): (sessions: Sessions<GraphRole>) => number {
  const seen: Sessions<GraphRole>[] = [];
  return (sessions) => {
    if (!seen.includes(sessions)) seen.push(sessions);
    return seen.indexOf(sessions);
  };
}

/** A test whose answers take most time with the first graphs, little with the second ones. */
function fastWithTheSecond(): DeviceTest<GraphRole> {
  const test = deviceTest(manifest.config);
  const placeOf = inOrder();
  return {
    ...test,
    async answer(sessions) {
      const times = placeOf(sessions) === 1 ? 1 : 8;
      for (let time = 0; time < times; time++) await test.run(sessions);
    },
  };
}

describe('the way in which the CPU computes', () => {
  it('is float32 where nothing is said', async () => {
    const { source: used, trials } = await open({});
    expect([used.kind, used.threads, trials]).toEqual(['fused', 1, []]);
  });

  it('is int8 where a person wants that', async () => {
    const { source: used } = await open({ arithmetic: 'int8' });
    expect(used.kind).toBe('integer');
  });

  it('is told before it is measured, and not where it is known', async () => {
    kept = new Map();
    let told = 0;
    const onMeasuring = () => void told++;
    const choice: CpuChoice = { arithmetic: 'auto', plans, measures: true, onMeasuring };
    await open(choice);
    await opened?.lease.release();
    await open(choice);
    expect(told).toBe(1);
  });

  it('is the fastest one that was measured, and is kept', async () => {
    kept = new Map();
    const choice: CpuChoice = { arithmetic: 'auto', plans, measures: true };
    const { source: used, trials } = await open(choice, fastWithTheSecond());
    expect(used.kind).toBe('integer');
    expect(trials.map(({ kind, refusal }) => [kind, refusal])).toEqual([
      ['fused', null],
      ['integer', null],
      ['plain', null],
    ]);
    expect([...kept.values()]).toEqual([{ kind: 'integer', threads: 1 }]);
  });

  it('is used again without measuring', async () => {
    kept = new Map();
    const choice: CpuChoice = { arithmetic: 'auto', plans, measures: true };
    const first = await open(choice, fastWithTheSecond());
    await first.lease.release();
    const again = await open({ ...choice, measures: false });
    expect([again.source.kind, again.trials]).toEqual(['integer', []]);
  });

  it('is not a kept one that the package, its files or the machine cannot give', async () => {
    for (const [from, plan] of [
      [withIntegerFiles(undefined), { kind: 'integer', threads: 1 }],
      [withIntegerFiles('lost.onnx'), { kind: 'integer', threads: 1 }],
      [source, { kind: 'fused', threads: 1000 }],
    ] as const) {
      const choice: CpuChoice = {
        arithmetic: 'auto',
        plans: { ...plans, find: () => Promise.resolve(plan) },
      };
      const { source: used, lease } = await open(choice, undefined, 1, from);
      expect([used.kind, used.threads]).toEqual(['fused', 1]);
      await lease.release();
    }
  });

  it('lets go of graphs whose answers fail while they are measured', async () => {
    kept = new Map();
    const test = deviceTest(manifest.config);
    const placeOf = inOrder();
    let failed: Sessions<GraphRole> | null = null;
    const { trials } = await open(
      { arithmetic: 'auto', plans, measures: true },
      {
        ...test,
        async answer(sessions) {
          if (placeOf(sessions) !== 1) return test.run(sessions);
          failed = sessions;
          throw new Error('out of memory');
        },
      },
    );
    expect(trials[0]).toMatchObject({ kind: 'integer', refusal: 'out of memory' });
    await expect(test.run(failed!)).rejects.toThrow();
  });

  it('is float32 where nothing is known and nothing may be measured', async () => {
    kept = new Map();
    const { source: used } = await open({ arithmetic: 'auto', plans, measures: false });
    expect([used.kind, kept.size]).toEqual(['fused', 0]);
  });

  it('is measured for each number of threads that is asked for', async () => {
    kept = new Map();
    const choice: CpuChoice = { arithmetic: 'auto', plans, measures: true };
    const first = await open(choice, fastWithTheSecond());
    await first.lease.release();
    const other = await open({ ...choice, measures: false }, undefined, 2);
    expect(other.source.kind).toBe('fused');
  });

  it('is not one whose numbers are unlike those of float32, however fast', async () => {
    kept = new Map();
    const test = fastWithTheSecond();
    const placeOf = inOrder();
    const wrong: DeviceTest<GraphRole> = {
      ...test,
      async run(sessions) {
        const outputs = await test.run(sessions);
        if (placeOf(sessions) !== 1) return outputs;
        return outputs.map((values) => values.map(() => 0));
      },
    };
    const { source: used, trials } = await open(
      { arithmetic: 'auto', plans, measures: true },
      wrong,
    );
    expect(used.kind).not.toBe('integer');
    expect(trials[1]).toMatchObject({
      kind: 'integer',
      refusal: 'its numbers differ from float32 by 100 % in the self-test',
    });
  });
});

describe('graphs that multiply in int8', () => {
  it('give the numbers of float32 but for rounding', async () => {
    const test = deviceTest(manifest.config);
    const exact = await openTested({ ...source, device: 'cpu', kind: 'fused', threads: 1 }, test);
    const rounded = await open({ arithmetic: 'int8' });
    const difference = largestDifference(rounded.result, exact.result);
    await exact.lease.release();
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeLessThan(0.1);
  });
});
