import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../../models/onnx/session.ts';
import { milliseconds } from './statistics.ts';

/** One call: its inputs, and the outputs that it asks for; absent = all. */
interface Call {
  readonly feeds: InferenceSession.FeedsType;
  readonly fetches?: readonly string[] | undefined;
}

/** The same, as it crosses to another process. */
interface SentCall {
  readonly feeds: Readonly<Record<string, Pick<Tensor, 'type' | 'data' | 'dims'>>>;
  readonly fetches: readonly string[] | undefined;
}

/**
 * One graph of a package in a process that holds nothing else: what a call costs where no other
 * session disturbs it.
 */
export class BareSession {
  readonly #child: ChildProcess;

  constructor(file: string, threads: number) {
    this.#child = fork(fileURLToPath(import.meta.url), [file, String(threads)], {
      execArgv: [],
      serialization: 'advanced',
    });
  }

  /** Milliseconds of one call. */
  time({ feeds, fetches }: Call): Promise<number> {
    const values = Object.entries(feeds).map(
      ([name, { type, data, dims }]) => [name, { type, data, dims }] as const,
    );
    const sent: SentCall = { feeds: Object.fromEntries(values), fetches };
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('The process of the bare session ended.'));
      this.#child.once('exit', ended);
      this.#child.once('message', (answer) => {
        this.#child.off('exit', ended);
        resolve(answer as number);
      });
      this.#child.send(sent);
    });
  }

  end(): void {
    this.#child.disconnect();
  }
}

async function serve(file: string, threads: number): Promise<void> {
  const session = await InferenceSession.create(file, sessionOptions({ device: 'cpu', threads }));
  process.on('message', ({ feeds: sent, fetches }: SentCall) => {
    const feeds = Object.fromEntries(
      Object.entries(sent).map(([name, { type, data, dims }]) => [
        name,
        new Tensor(type, data as Float32Array, dims),
      ]),
    );
    const run = () => (fetches ? session.run(feeds, fetches) : session.run(feeds));
    void milliseconds(run).then((time) => process.send!(time));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await serve(process.argv[2]!, Number(process.argv[3]));
}
