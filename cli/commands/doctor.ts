import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import sharp from 'sharp';
import { addition } from '../../core/diff.ts';
import { toErrorEnvelope } from '../../core/errors.ts';
import {
  deviceKinds,
  type CpuPlan,
  type CpuTrial,
  type DeviceKind,
  type DeviceReport,
  type GraphKind,
} from '../../core/prompt.ts';
import { stepLabel } from '../../core/project/step-labels.ts';
import { categoriesFor } from '../../core/project/category-names.ts';
import { createProjectDatabase } from '../../db/project-database.ts';
import { cpuChoice } from '../../app/engine/cpu-plans.ts';
import { openLog } from '../../app/log.ts';
import { userDataFolder } from '../../app/user-data.ts';
import type { CpuChoice } from '../../models/onnx/cpu-choice.ts';
import { checkCuda, cudaPlaces, type CudaFinding } from '../../models/onnx/cuda-check.ts';
import { loadModel } from '../../models/load-model.ts';
import { exitCodes } from '../exit-codes.ts';
import { locateModel } from '../model.ts';
import { note, printResult, table } from '../output.ts';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

interface DeviceCheck {
  readonly device: DeviceKind;
  readonly works: boolean;
  readonly selfTestMs: number | null;
  readonly detail: string;
  /** The measurements that chose how the CPU computes. */
  readonly trials?: readonly CpuTrial[];
}

/** `doctor`: tests the requirements of the program, and a model on each device. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('test the program and every device on this machine')
    .option('--model <folder>', 'model package to test with, or the id of an installed one')
    .option('--json', 'print JSON')
    .action(async ({ model, json = false }: { model?: string; json?: boolean }) => {
      const system = {
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        processor: cpus()[0]?.model.trim() ?? 'unknown',
        threads: availableParallelism(),
        memoryBytes: totalmem(),
        userData: userDataFolder(),
        log: openLog(userDataFolder()).file,
      };
      const checks = [
        await check('images', testImages),
        await check('projects', testProjects),
        await check('model', () => locateModel(model)),
      ];
      const folder = checks.at(-1)!.ok ? checks.at(-1)!.detail : null;
      const devices = folder === null ? [] : await testDevices(folder);
      const cuda = process.platform === 'linux' ? await checkCuda(await cudaPlaces()) : [];
      printResult(json, { system, checks, devices, cuda }, () =>
        [
          `Node ${system.node} on ${system.platform}, ${system.processor}, ${system.threads} threads, ` +
            `${(system.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`,
          `user data in ${system.userData}`,
          `log of slow queries, ended jobs and crashes in ${system.log}`,
          table(checks.map(({ name, ok, detail }) => [name, ok ? 'works' : 'FAILS', detail])),
          table(
            devices.map(({ device, works, detail }) => [device, works ? 'works' : '-', detail]),
          ),
          ...(cuda.length > 0 ? ['for CUDA:', table(cuda.map(cudaRow))] : []),
        ].join('\n'),
      );
      if (checks.every(({ ok }) => ok) && devices.some(({ works }) => works)) return;
      note('pixelsail: a test failed; see above.');
      process.exitCode = exitCodes.engine;
    });
}

function cudaRow({ name, ok, expected, found, advice }: CudaFinding): string[] {
  const detail = `needs ${expected}; found ${found}${advice === '' ? '' : `; ${advice}`}`;
  return [name, ok ? 'there' : 'MISSING', detail];
}

async function check(name: string, test: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await test() };
  } catch (thrown) {
    return { name, ok: false, detail: toErrorEnvelope(thrown).message };
  }
}

async function testImages(): Promise<string> {
  const picture = { width: 8, height: 8, channels: 3, background: '#3060c0' } as const;
  const png = await sharp({ create: picture }).png().toBuffer();
  const { info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return `sharp ${sharp.versions.sharp} read an image of ${info.width} x ${info.height} pixels`;
}

async function testProjects(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-doctor-'));
  try {
    const database = createProjectDatabase(join(folder, 'test.pixelsail'), 'test');
    database.apply(
      stepLabel('addCategory', { name: 'thing' }),
      addition(...categoriesFor([], ['thing']).added),
    );
    database.undo();
    const problems = database.check().map(({ message }) => message);
    database.close();
    if (problems.length > 0) throw new Error(problems.join('; '));
    return 'a project was created, changed, undone and checked';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function testDevices(folder: string): Promise<DeviceCheck[]> {
  const checked: DeviceCheck[] = [];
  for (const device of deviceKinds) {
    try {
      // Where another device does not work, the CPU takes its place, which is measured once only.
      const cpu = device === 'cpu' ? measuredAgain() : undefined;
      const model = await loadModel(folder, { device, cpu });
      checked.push(toDeviceCheck(device, model.device));
      await model.dispose();
    } catch (thrown) {
      const detail = toErrorEnvelope(thrown).message;
      checked.push({ device, works: false, selfTestMs: null, detail });
    }
  }
  return checked;
}

/** The choice of the CPU's plan as a first start would make it. */
function measuredAgain(): CpuChoice {
  const { plans, ...choice } = cpuChoice(userDataFolder(), true);
  return { ...choice, plans: plans && { ...plans, find: () => Promise.resolve(null) } };
}

function toDeviceCheck(device: DeviceKind, report: DeviceReport): DeviceCheck {
  if (report.used === device) {
    const { selfTestMs, name, trials = [] } = report;
    const tested = `${name}, self-test ${selfTestMs.toFixed(1)} ms`;
    const detail = [tested, ...choiceOf(report)].join('; ');
    return { device, works: true, selfTestMs, detail, trials };
  }
  const tried = report.fallbacks.find((fallback) => fallback.device === device);
  return { device, works: false, selfTestMs: null, detail: tried?.reason ?? 'not used' };
}

/** How the CPU computes and what the other ways took, in words; nothing where none was measured. */
function choiceOf({ kind, threads, trials = [] }: DeviceReport): string[] {
  if (kind === undefined || trials.length === 0) return [];
  const measured = trials.map(({ milliseconds, refusal, ...plan }) => {
    const time = milliseconds === null ? 'failed' : `${milliseconds.toFixed(1)} ms`;
    return `${describePlan(plan)} ${time}${refusal === null ? '' : ` (${refusal})`}`;
  });
  return [`chosen: ${describePlan({ kind, threads })}`, `measured: ${measured.join(', ')}`];
}

const kindNames: Readonly<Record<GraphKind, string>> = {
  fused: 'float32',
  integer: 'int8',
  plain: 'float32 with standard operators',
};

function describePlan({ kind, threads }: CpuPlan): string {
  return `${kindNames[kind]} on ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
