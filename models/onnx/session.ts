import { InferenceSession } from 'onnxruntime-node';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import type { DeviceKind, GraphKind } from '../../core/prompt.ts';

// ONNX Runtime (since 1.29) reports to its maker what runs where, unless this is set before the
// first session is made. Nothing leaves this computer. It also reads the command line for that,
// with a regular expression that a long one crashes.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** A named value of a graph: its element type and shape, named dimensions as strings. */
interface DeclaredValue {
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
}

/** One graph of a package: the files that hold it and the values that it takes and gives. */
export interface GraphSource {
  readonly file: string;
  /** The same graph for every device but the CPU; absent = `file`. */
  readonly plainFile?: string | undefined;
  /** The same graph with its largest products in int8; absent = `file`. */
  readonly integerFile?: string | undefined;
  readonly inputs: Readonly<Record<string, DeclaredValue>>;
  readonly outputs: Readonly<Record<string, DeclaredValue>>;
}

/** The graphs of a package by the roles that its family gives them. */
export interface PackageGraphs<Role extends string = string> {
  readonly directory: string;
  readonly graphs: Readonly<Record<Role, GraphSource>>;
  /** Identity of the package's content. */
  readonly hash: string;
}

/** The key of a session; equal keys share a session. */
export interface SessionSource<Role extends string = string> extends PackageGraphs<Role> {
  readonly device: DeviceKind;
  readonly kind: GraphKind;
  readonly threads: number;
}

export type Sessions<Role extends string = string> = Readonly<Record<Role, InferenceSession>>;

/** The sessions of a package on one device, to be released by everyone who opened them. */
export interface SessionLease<Role extends string = string> {
  readonly sessions: Sessions<Role>;
  release(): Promise<void>;
}

interface SharedSession {
  readonly session: Promise<InferenceSession>;
  users: number;
}

const shared = new Map<string, SharedSession>();

/**
 * Opens all graphs of a package, or shares those that are open already.
 * @throws AppError `package-invalid` when a graph cannot be loaded or has other inputs or outputs
 * than the manifest says. Errors of the device itself are thrown unchanged.
 */
export async function openSessions<Role extends string>(
  source: SessionSource<Role>,
): Promise<SessionLease<Role>> {
  const roles = Object.keys(source.graphs) as Role[];
  const opened: Role[] = [];
  const release = async () => {
    await Promise.all(opened.splice(0).map((role) => releaseSession(sessionKey(source, role))));
  };
  try {
    const sessions: Partial<Record<Role, InferenceSession>> = {};
    for (const role of roles) {
      sessions[role] = await acquireSession(source, role);
      opened.push(role);
    }
    return { sessions: sessions as Sessions<Role>, release };
  } catch (error) {
    await release();
    throw error;
  }
}

function sessionKey({ hash, device, kind, threads }: SessionSource, role: string): string {
  return [hash, role, device, kind, threads].join(' ');
}

async function acquireSession(source: SessionSource, role: string): Promise<InferenceSession> {
  const key = sessionKey(source, role);
  let entry = shared.get(key);
  if (!entry) {
    entry = { session: createSession(source, role), users: 0 };
    shared.set(key, entry);
  }
  entry.users++;
  try {
    return await entry.session;
  } catch (error) {
    shared.delete(key);
    throw error;
  }
}

async function releaseSession(key: string): Promise<void> {
  const entry = shared.get(key);
  if (!entry || --entry.users > 0) return;
  shared.delete(key);
  await (await entry.session).release();
}

async function createSession(source: SessionSource, role: string): Promise<InferenceSession> {
  const graph = source.graphs[role]!;
  const path = join(source.directory, graphFile(graph, source.kind));
  const session = await InferenceSession.create(path, sessionOptions(source)).catch(
    (cause: unknown) => {
      // Another device may lack what the graph needs; the CPU has every operator, so there it is
      // the graph.
      if (source.device !== 'cpu') throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new AppError(
        'package-invalid',
        `ONNX Runtime cannot load ${path}: ${reason}. Install or convert the package again.`,
        { path },
        { cause },
      );
    },
  );
  try {
    checkValues(path, 'input', session.inputMetadata, graph.inputs);
    checkValues(path, 'output', session.outputMetadata, graph.outputs);
  } catch (error) {
    await session.release();
    throw error;
  }
  return session;
}

/** The file of a kind of a graph; `file` where there is none of that kind. */
export function graphFile({ file, plainFile, integerFile }: GraphSource, kind: GraphKind): string {
  const files = { fused: file, plain: plainFile, integer: integerFile };
  return files[kind] ?? file;
}

/**
 * Options for a device; operators that it lacks run on the CPU. Every session has its own threads,
 * which look for work a while after a run has ended; they are told to stop at once, because the
 * next run is another session's.
 */
export function sessionOptions({
  device,
  threads,
}: Pick<SessionSource, 'device' | 'threads'>): InferenceSession.SessionOptions {
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
    extra: { session: { force_spinning_stop: '1' } },
  };
}

function checkValues(
  path: string,
  kind: 'input' | 'output',
  found: readonly InferenceSession.ValueMetadata[],
  declared: GraphSource['inputs'],
): void {
  const describe = (name: string, type: string, rank: number) => `${name} (${type}, rank ${rank})`;
  const foundValues = found.map((value) =>
    value.isTensor ? describe(value.name, value.type, value.shape.length) : value.name,
  );
  const declaredValues = Object.entries(declared).map(([name, { dtype, shape }]) =>
    describe(name, dtype, shape.length),
  );
  const missing = declaredValues.filter((value) => !foundValues.includes(value));
  const extra = foundValues.filter((value) => !declaredValues.includes(value));
  if (missing.length === 0 && extra.length === 0) return;
  throw new AppError(
    'package-invalid',
    `The ${kind}s of ${path} are not those of its manifest: expected ${missing.join(', ') || 'no more'}, ` +
      `found ${extra.join(', ') || 'none of them'}. Convert the checkpoint again.`,
    { path, missing, extra },
  );
}
