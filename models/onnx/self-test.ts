import type { InferenceSession } from 'onnxruntime-node';
import type { DeviceKind } from '../../core/prompt.ts';
import { onnxFailure } from './sentences.ts';
import { openSessions, type SessionLease, type Sessions, type SessionSource } from './session.ts';

/** How a family shows that a device computes its graphs rightly. */
export interface DeviceTest<Role extends string = string> {
  /** One run through all graphs; the numbers that every device has to agree on. */
  run(sessions: Sessions<Role>): Promise<readonly Float32Array[]>;
  /** An answer of the usual size, to be timed; absent where `run` is one. */
  answer?(sessions: Sessions<Role>): Promise<unknown>;
  /**
   * A small graph with matrix products and what it is fed; its profile tells which provider
   * multiplied.
   */
  readonly probe: { readonly role: Role; readonly inputs: InferenceSession.FeedsType };
}

/** The numbers of a self-test, and milliseconds of its fastest run through all graphs. */
export interface SelfTest {
  readonly milliseconds: number;
  readonly outputs: readonly Float32Array[];
}

/** A package opened on a device, and what its self-test gave. */
export interface TestedDevice<Role extends string> {
  readonly source: SessionSource<Role>;
  readonly lease: SessionLease<Role>;
  readonly result: SelfTest;
}

/**
 * Opens the graphs of a package and tests them, three times if that is quick.
 * @throws AppError `package-invalid` when a graph cannot be loaded or gives what is no finite
 *   number on the CPU; Error of another device
 */
export async function openTested<Role extends string>(
  source: SessionSource<Role>,
  test: DeviceTest<Role>,
): Promise<TestedDevice<Role>> {
  const lease = await openSessions(source);
  try {
    return { source, lease, result: await selfTest(source.device, () => test.run(lease.sessions)) };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/**
 * @throws Error when a number is not finite; the CPU computes rightly, so there it is an AppError
 *   `package-invalid`.
 */
async function selfTest(
  device: DeviceKind,
  runOnce: () => Promise<readonly Float32Array[]>,
): Promise<SelfTest> {
  let milliseconds = Infinity;
  let outputs: readonly Float32Array[] = [];
  const begin = performance.now();
  for (let run = 0; run < 3 && performance.now() - begin < 1000; run++) {
    const start = performance.now();
    outputs = await runOnce();
    milliseconds = Math.min(milliseconds, performance.now() - start);
  }
  if (!outputs.every((output) => output.every(Number.isFinite))) {
    if (device === 'cpu') throw onnxFailure('package-invalid', 'selfTestNotFinite', {});
    throw new Error('the self-test gave values that are not finite numbers');
  }
  return { milliseconds, outputs };
}

/**
 * Largest difference of an output's numbers from the wanted ones, as a share of the largest of
 * those.
 */
export function largestDifference(found: SelfTest, wanted: SelfTest): number {
  const shares = wanted.outputs.map((values, index) => {
    const others = found.outputs[index]!;
    let largest = 0;
    let difference = 0;
    values.forEach((value, at) => {
      largest = Math.max(largest, Math.abs(value));
      difference = Math.max(difference, Math.abs(value - others[at]!));
    });
    return difference / largest;
  });
  return Math.max(...shares);
}
