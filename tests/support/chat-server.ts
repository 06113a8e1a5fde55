import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A request for an answer, as the server heard it. */
export interface HeardRequest {
  readonly authorization: string | null;
  readonly body: {
    readonly model: string;
    readonly stream: boolean;
    readonly messages: readonly {
      readonly role: string;
      readonly content: string | readonly HeardPart[];
    }[];
  };
  readonly wasAborted: boolean;
}

export interface HeardPart {
  readonly type: 'text' | 'image_url';
  readonly text?: string;
  readonly image_url?: { readonly url: string };
}

/** A chat server in a process of its own (`chat-server-child.ts`). */
export class TestChatServer {
  readonly origin: string;
  readonly #process: ChildProcess;

  static async start(): Promise<TestChatServer> {
    const entry = fileURLToPath(new URL('chat-server-child.ts', import.meta.url));
    const child = fork(entry, [], { execArgv: [], stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()));
      child.once('exit', () => reject(new Error('The chat server ended.')));
    });
    return new TestChatServer(child, port);
  }

  private constructor(child: ChildProcess, port: string) {
    this.#process = child;
    this.origin = `http://127.0.0.1:${port}`;
  }

  get url(): string {
    return `${this.origin}/v1`;
  }

  /** The requests for answers so far. */
  async heard(): Promise<HeardRequest[]> {
    return (await (await fetch(`${this.origin}/heard`)).json()) as HeardRequest[];
  }

  /** Ends it; a port that nobody listens to is left. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
  }
}

/** The parts of the question of a request. */
export function questionParts({ body }: HeardRequest): readonly HeardPart[] {
  const content = body.messages.at(-1)!.content;
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}
