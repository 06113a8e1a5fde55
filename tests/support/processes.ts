import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether {@link listProcesses} works here. */
export const hasProcesses = existsSync('/proc/self/status');

/** Every process of this machine, from Linux's /proc, for a slim machine has no ps. */
export function listProcesses(): { pid: number; parent: number; command: string }[] {
  const read = (pid: string, name: string) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, 'utf8');
    } catch {
      return ''; // It has ended meanwhile.
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({
      pid: Number(pid),
      parent: Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]),
      command: read(pid, 'cmdline'),
    }));
}
