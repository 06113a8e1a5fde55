import { join } from 'node:path';
import { app, BrowserWindow, Menu, session } from 'electron';
import { BackendSupervisor } from '../app/backend-supervisor.ts';
import { openLog } from '../app/log.ts';
import { userDataFolder } from '../app/user-data.ts';
import { startBackend } from './backend-process.ts';
import { channels } from './channels.ts';
import { projectOfCommandLine } from './command-line.ts';
import { followSettings } from './follow-settings.ts';
import { handleMessages } from './messages.ts';
import { handleSchemes, registerSchemes } from './protocols.ts';
import { openWindow } from './window.ts';

// Entry of the desktop application: `electron . [PROJECT.pixelsail | --sample]`.

const root = app.getAppPath();
const home = userDataFolder();
app.setPath('userData', join(home, 'electron'));

if (app.requestSingleInstanceLock()) run();
else app.quit();

function run(): void {
  registerSchemes();
  let earlyFile: string | null = null;
  let isQuitting = false;
  app.on('open-file', (_event, file) => (earlyFile = file));
  app.on('before-quit', () => (isQuitting = true));
  void app.whenReady().then(async () => {
    const backend = launchBackend();
    closeInOrder(backend);
    handleSchemes(join(root, 'dist', 'renderer'), backend);
    handleMessages(backend);
    session.defaultSession.setPermissionRequestHandler((_contents, _kind, answer) => answer(false));
    session.defaultSession.setPermissionCheckHandler(() => false);
    // Until the interface has said what its menu is.
    Menu.setApplicationMenu(null);

    const open = () =>
      openWindow({
        preload: join(root, 'dist', 'electron', 'preload.cjs'),
        stateFile: join(home, 'electron', 'window.json'),
        onStay: () => (isQuitting = false),
      });
    app.removeAllListeners('open-file');
    app.on('open-file', (_event, file) => void openFromOutside(backend, file, open));
    app.on('second-instance', (_event, words, folder) => {
      void openFromOutside(backend, projectOfCommandLine(words, folder), open);
    });
    const file = earlyFile ?? projectOfCommandLine(process.argv, process.cwd());
    const isSample = !file && process.argv.includes('--sample');
    const isReady = (!file && !isSample) || (await opensProject(backend, file));

    await backend.request('settings.get', null).then(
      (answer) => followSettings('settings.get', answer),
      () => undefined, // The page asks again, and shows what went wrong.
    );
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) open();
    });
    const window = open();
    if (!isReady) letPageOpen(window, file);
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin' || isQuitting) app.quit();
  });
}

function launchBackend(): BackendSupervisor {
  // Another Node does not see into the archive, so the entries lie unpacked beside it.
  const entries = join(root.replace(/app\.asar$/, 'app.asar.unpacked'), 'dist', 'app');
  const data = (packaged: string, source: string) =>
    app.isPackaged ? join(process.resourcesPath, packaged) : join(root, source);
  const options = {
    home,
    catalog: data('catalog', 'models/catalog'),
    samplePhotos: data('sample-photos', 'demo/photos'),
    sampleBenchmark: data('sample-benchmark', 'demo/benchmark'),
    engineEntry: join(entries, 'engine', 'engine.mjs'),
  };
  const log = openLog(home);
  return new BackendSupervisor(
    () => startBackend(join(entries, 'backend.mjs'), options),
    (how) => log.died('backend', how),
  );
}

/**
 * Brings the window to the front, and lets it open the project: it saves first what it has of
 * another one.
 */
async function openFromOutside(
  backend: BackendSupervisor,
  file: string | null,
  open: () => BrowserWindow,
): Promise<void> {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) {
    const isReady = !file || (await opensProject(backend, file));
    const opened = open();
    if (!isReady) letPageOpen(opened, file);
    return;
  }
  if (window.isMinimized()) window.restore();
  window.focus();
  if (file) window.webContents.send(channels.openProject, file);
}

/**
 * Opens a project, or the sample for null, before there is a window. Returns whether it went well.
 */
function opensProject(backend: BackendSupervisor, file: string | null): Promise<boolean> {
  const opening = file
    ? backend.request('project.open', { file })
    : backend.request('project.openSample', null);
  return opening.then(
    () => true,
    () => false,
  );
}

/** A project that cannot be opened is left to the page, which says in its language why. */
function letPageOpen({ webContents }: BrowserWindow, file: string | null): void {
  webContents.once('did-finish-load', () => {
    if (file) webContents.send(channels.openProject, file);
    else webContents.send(channels.command, 'openSample');
  });
}

/**
 * When the windows are closed, quitting waits for the calls under way and for the project to be
 * closed.
 */
function closeInOrder(backend: BackendSupervisor): void {
  let isClosed = false;
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void backend.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}
