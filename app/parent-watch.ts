import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * Standard streams of a child that is to end with this process: its output goes to errors, since
 * standard output belongs to the host (the command line prints its answer there). The last one is
 * the pipe that {@link endWithParent} watches.
 */
export const watchedStdio: StdioOptions = ['ignore', 2, 2, 'ipc', 'pipe'];

/** The environment of such a child. */
export function watchedEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PIXELSAIL_PARENT_PIPE: '4' };
}

/** Lets this process end although it holds its end of the child's pipe. */
export function letGoOfPipe(child: ChildProcess): void {
  const pipe = child.stdio[4] as Socket | undefined;
  // A child that dies may break it.
  pipe?.on('error', () => undefined).unref();
}

/**
 * Runs in a thread, since the main one hears nothing during a native call. In a string, so that a
 * bundle needs no further file.
 */
const watch = `
const { Socket } = require('node:net');
const { workerData } = require('node:worker_threads');
const end = () => process.kill(process.pid, 'SIGKILL');
new Socket({ fd: workerData.pipe })
  .on('error', () => undefined)
  .once('close', () => setTimeout(end, workerData.withinMs))
  .resume();
`;

/**
 * Ends this process when its parent is gone, whatever its main thread does then, even if the
 * parent was killed. A process that was not started with the pipe does nothing.
 * @param withinMs time to end by itself
 */
export function endWithParent(withinMs: number): void {
  const pipe = Number(process.env.PIXELSAIL_PARENT_PIPE);
  // Children of this process have pipes of their own.
  delete process.env.PIXELSAIL_PARENT_PIPE;
  if (!Number.isInteger(pipe)) return;
  const watcher = new Worker(watch, { eval: true, execArgv: [], workerData: { pipe, withinMs } });
  watcher.on('error', () => undefined).unref();
}
