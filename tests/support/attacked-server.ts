import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostilities, misbehave } from './hostile-connections.ts';

const entry = fileURLToPath(new URL('./web-server-child.ts', import.meta.url));

/** A web server in a process of its own. */
export interface AttackedServer {
  readonly port: number;
  /** Lets `count` strangers misbehave, each in the next way, `atOnce` at a time. */
  attack(count: number, atOnce: number): Promise<void>;
  /** Whether the process is there and answers the bearer of the token. */
  answers(): Promise<boolean>;
  /** The memory of the process in bytes. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export async function startAttackedServer(): Promise<AttackedServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pixel-sail-attacked-'));
  await writeFile(join(folder, 'index.html'), '<title>Interface</title>');
  const child = fork(entry, [folder], { execArgv: ['--expose-gc'] });
  const [{ url, port }] = (await once(child, 'message')) as [{ url: string; port: number }];
  return {
    port,
    async attack(count, atOnce) {
      let next = 0;
      const attackInTurn = async () => {
        while (next < count) await misbehave(port, hostilities[next++ % hostilities.length]!);
      };
      await Promise.all(Array.from({ length: atOnce }, attackInTurn));
    },
    async answers() {
      if (child.exitCode !== null) return false;
      const status = await new Promise<number>((resolve, reject) => {
        request(url.replace(/token=.*/, 'token=wrong'), (response) => {
          resolve(response.resume().statusCode!);
        })
          .on('error', reject)
          .end();
      });
      return status === 401;
    },
    async memory() {
      child.send('memory');
      const [{ kept }] = (await once(child, 'message')) as [{ kept: number }];
      return kept;
    },
    async stop() {
      child.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
