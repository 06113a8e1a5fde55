import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtMark } from './built-mark.ts';

// `npm start [-- PROJECT.pixelsail] [--browser] [--port N]`: opens the sample project, or the
// given one, in Electron; where that cannot be, says why and serves the browser host.

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = [
  'app',
  'build',
  'core',
  'db',
  'electron',
  'models',
  'renderer',
  'package.json',
  'vite.config.ts',
];
const installTimeoutMs = 60_000;

process.chdir(root);
if (newestMs(sources) > newestMs([builtMark])) {
  console.log('Building dist/ …');
  // In a process of its own, for the build tool holds memory that the application can use.
  const { status } = spawnSync(process.execPath, [join('build', 'build.ts')], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const words = process.argv.slice(2);
const reason = words.includes('--browser') ? 'The browser was asked for.' : whyNotElectron();
if (reason) {
  console.log(`${reason} Serving the interface for a browser instead.`);
  serveBrowser();
} else {
  const project = words.filter((word) => word.endsWith('.pixelsail'));
  run(electronPath(), ['.', ...(project.length > 0 ? project : ['--sample']), ...sandboxFlags()]);
}

/** Latest change of the given files and folders; 0 when none exists. */
function newestMs(paths: readonly string[]): number {
  return Math.max(
    0,
    ...paths.filter(existsSync).map((path) => {
      const found = statSync(path);
      if (!found.isDirectory()) return found.mtimeMs;
      const inside = readdirSync(path).filter((name) => name !== 'catalog' && name !== 'training');
      return newestMs(inside.map((name) => join(path, name)));
    }),
  );
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** One sentence, or null when Electron can run. */
function whyNotElectron(): string | null {
  if (!hasDisplay())
    return 'There is no display (DISPLAY is not set), so Electron cannot open a window.';
  if (!isElectronInstalled()) {
    console.log('Fetching Electron, once …');
    const script = join('node_modules', 'electron', 'install.js');
    spawnSync(process.execPath, [script], { timeout: installTimeoutMs, stdio: 'ignore' });
  }
  return isElectronInstalled()
    ? null
    : 'Electron could not be fetched from github.com (set ELECTRON_MIRROR or ELECTRON_OVERRIDE_DIST_PATH to another source).';
}

function isElectronInstalled(): boolean {
  return (
    process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined ||
    existsSync(join('node_modules', 'electron', 'path.txt'))
  );
}

function electronPath(): string {
  const path = createRequire(import.meta.url)('electron') as unknown;
  return String(path);
}

/** Chromium's sandbox refuses the superuser, and on Linux it needs user namespaces. */
function sandboxFlags(): string[] {
  if (process.platform !== 'linux') return [];
  const isRestricted = ['/proc/sys/kernel/apparmor_restrict_unprivileged_userns'].some(
    (setting) => existsSync(setting) && readFileSync(setting, 'utf8').trim() === '1',
  );
  return process.getuid?.() === 0 || isRestricted ? ['--no-sandbox'] : [];
}

function serveBrowser(): void {
  const at = words.indexOf('--port');
  const port = at >= 0 ? ['--port', words[at + 1] ?? ''] : [];
  const project = words.find((word) => word.endsWith('.pixelsail'));
  const open = hasDisplay() ? ['--open'] : [];
  const what = project ? ['--project', project] : ['--sample'];
  run(process.execPath, [join('dist', 'app', 'web', 'main.mjs'), ...what, ...port, ...open]);
}

function run(command: string, parameters: readonly string[]): void {
  const child = spawn(command, parameters, { stdio: 'inherit' });
  // Ctrl-C reaches the child too; it ends in good order and this process follows.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 1));
}
