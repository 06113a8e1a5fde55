import { BrowserWindow, dialog, screen, shell } from 'electron';
import { isOpenedOutside } from '../app/api/links.ts';
import { appOrigin } from './channels.ts';
import { guardClosing } from './closing.ts';
import { shellTexts } from './texts.ts';
import { groundColor } from './theme.ts';
import { placeWindow, readWindowState, writeWindowState } from './window-state.ts';

interface WindowOptions {
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  /** Called when the person kept the window open instead of losing changes. */
  readonly onStay: () => void;
}

/** Opens the window: sandboxed, without Node, and bound to the interface's own pages. */
export function openWindow({ preload, stateFile, onStay }: WindowOptions): BrowserWindow {
  const saved = readWindowState(stateFile);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const workAreas = [primary, ...others].map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...placeWindow(saved, workAreas),
    minWidth: 800,
    minHeight: 560,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: groundColor(),
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  window.once('ready-to-show', () => {
    if (saved?.isMaximized) window.maximize();
    window.show();
  });
  guardClosing(window, onStay);
  keepPlace(window, stateFile);
  recover(window);
  confine(window);
  void window.loadURL(`${appOrigin}/`);
  return window;
}

/** Remembers where the window is, whenever it was moved and when it closes. */
function keepPlace(window: BrowserWindow, stateFile: string): void {
  const keep = () => {
    try {
      const state = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() };
      writeWindowState(stateFile, state);
    } catch (thrown) {
      // A full disk must not keep a window from closing.
      console.error(`The place of the window could not be kept: ${String(thrown)}`);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const keepSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', keepSoon).on('move', keepSoon);
  window.on('close', () => {
    clearTimeout(timer);
    keep();
  });
}

const maximumCrashes = 3;
const crashesMs = 60_000;

/**
 * The project lives in the backend, so a page that crashed or hangs is loaded again and shows
 * everything that was saved.
 */
function recover(window: BrowserWindow): void {
  const { webContents } = window;
  let crashedAtMs: number[] = [];
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    const nowMs = Date.now();
    crashedAtMs = [...crashedAtMs.filter((atMs) => nowMs - atMs < crashesMs), nowMs];
    if (crashedAtMs.length < maximumCrashes) webContents.reload();
    else void offerReload(window, shellTexts().stopped.crashed(crashedAtMs.length, reason));
  });
  let isAsking = false;
  window.on('unresponsive', () => {
    if (isAsking) return;
    isAsking = true;
    void offerReload(window, shellTexts().stopped.hangs).finally(() => (isAsking = false));
  });
}

async function offerReload(window: BrowserWindow, what: string): Promise<void> {
  const { message, detail, load, wait } = shellTexts().stopped;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: `${message} ${what}`,
    detail,
    buttons: [load, wait],
    defaultId: 0,
    cancelId: 1,
  });
  if (response !== 0 || window.isDestroyed()) return;
  // A page that hangs must be ended before it can be loaded again.
  if (!window.webContents.isCrashed()) window.webContents.forcefullyCrashRenderer();
  window.webContents.reload();
}

/** The page stays what it is; links to known sites open in the person's browser. */
function confine({ webContents }: BrowserWindow): void {
  webContents.on('will-navigate', (event, url) => {
    if (!url.startsWith(`${appOrigin}/`)) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  webContents.setWindowOpenHandler(({ url }) => {
    if (isOpenedOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}
