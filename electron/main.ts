import { join } from 'node:path';
import { app, BrowserWindow, dialog, session } from 'electron';
import { toErrorEnvelope } from '../core/errors.ts';
import { BackendSupervisor } from '../app/backend-supervisor.ts';
import { userDataFolder } from '../app/user-data.ts';
import { startBackend } from './backend-process.ts';
import { setMenu } from './menu.ts';
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
  const earlyFiles: string[] = [];
  const rememberFile = (_event: unknown, file: string) => earlyFiles.push(file);
  app.on('open-file', rememberFile);
  void app.whenReady().then(async () => {
    const backend = launchBackend();
    closeInOrder(backend);
    handleSchemes(join(root, 'dist', 'renderer'), backend);
    handleMessages(backend);
    session.defaultSession.setPermissionRequestHandler((_contents, _kind, answer) => answer(false));
    session.defaultSession.setPermissionCheckHandler(() => false);
    setMenu();

    app.off('open-file', rememberFile);
    app.on('open-file', (_event, file) => void openProject(backend, file));
    app.on('second-instance', (_event, commandLine) => {
      const [window] = BrowserWindow.getAllWindows();
      if (window?.isMinimized()) window.restore();
      window?.focus();
      void openFromCommandLine(backend, commandLine);
    });
    await openFromCommandLine(backend, [...process.argv, ...earlyFiles]);

    const open = () => openWindow(join(root, 'dist', 'electron', 'preload.cjs'));
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) open();
    });
    open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
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
    engineEntry: join(entries, 'engine', 'engine.mjs'),
  };
  return new BackendSupervisor(() => startBackend(join(entries, 'backend.mjs'), options));
}

async function openFromCommandLine(
  backend: BackendSupervisor,
  commandLine: readonly string[],
): Promise<void> {
  const file = commandLine.findLast((argument) => argument.endsWith('.pixelsail'));
  if (file) await openProject(backend, file);
  else if (commandLine.includes('--sample')) await openProject(backend, null);
}

/** Opens a project, or the sample for null; the windows hear of it as an event. */
async function openProject(backend: BackendSupervisor, file: string | null): Promise<void> {
  try {
    if (file) await backend.request('project.open', { file });
    else await backend.request('project.openSample', null);
  } catch (thrown) {
    void dialog.showMessageBox({ type: 'error', message: toErrorEnvelope(thrown).message });
  }
}

/** Quitting waits for the calls under way and for the project to be closed. */
function closeInOrder(backend: BackendSupervisor): void {
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void backend.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}
