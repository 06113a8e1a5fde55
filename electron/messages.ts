import { randomUUID } from 'node:crypto';
import {
  BrowserWindow,
  dialog,
  ipcMain,
  type IpcMainInvokeEvent,
  type OpenDialogOptions,
} from 'electron';
import { AppError, toErrorEnvelope } from '../core/errors.ts';
import { isMethodName, type CallResult } from '../app/api/serve.ts';
import type { BackendSupervisor } from '../app/backend-supervisor.ts';
import { appOrigin, channels } from './channels.ts';
import { followSettings } from './follow-settings.ts';
import { showMenu } from './menu.ts';
import { shellTexts } from './texts.ts';

/** Of files that hold the labels of datasets; `*` is any other. */
const datasetExtensions = ['json', 'jsonl', 'xml', 'yaml', 'yml', 'csv', 'tsv', 'txt', 'zip', '*'];

function filterOf(kind: unknown): Electron.FileFilter {
  if (kind === 'project') return { name: shellTexts().project, extensions: ['pixelsail', 'zip'] };
  if (kind === 'graph') return { name: 'ONNX', extensions: ['onnx'] };
  return { name: shellTexts().dataset, extensions: datasetExtensions };
}

/** Answers the messages of our own pages; those of any other frame are refused. */
export function handleMessages(backend: BackendSupervisor): void {
  handle(channels.call, (window, method, input) =>
    passOn(backend, String(method), input, idOf(window, backend)),
  );
  handle(channels.openFolder, (window) =>
    chooseFile(window, { properties: ['openDirectory', 'createDirectory'] }),
  );
  handle(channels.openFile, (window, kind) =>
    chooseFile(window, {
      properties: ['openFile'],
      filters: [filterOf(kind)],
    }),
  );
  handle(channels.saveFile, async (window, name) => {
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath: String(name) });
    return filePath || null;
  });
  handle(channels.menu, (_window, menu) => showMenu(menu));
  backend.onEvent((name, payload) => {
    for (const window of BrowserWindow.getAllWindows()) {
      const isOwn = 'window' in payload && payload.window === ids.get(window);
      if (!isOwn) window.webContents.send(channels.event, name, payload);
    }
  });
}

/** By which the backend tells windows apart. */
const ids = new WeakMap<BrowserWindow, string>();

function idOf(window: BrowserWindow, backend: BackendSupervisor): string {
  const known = ids.get(window);
  if (known !== undefined) return known;
  const id = randomUUID();
  ids.set(window, id);
  backend.windowOpened(id);
  window.once('closed', () => backend.windowClosed(id));
  return id;
}

async function passOn(
  backend: BackendSupervisor,
  method: string,
  input: unknown,
  window: string,
): Promise<CallResult> {
  try {
    if (!isMethodName(method)) {
      throw new AppError('not-found', `There is no method "${method}" in the contract.`);
    }
    const value = await backend.request(method, input, window);
    followSettings(method, value);
    return { ok: true, value };
  } catch (thrown) {
    return { ok: false, error: toErrorEnvelope(thrown) };
  }
}

async function chooseFile(
  window: BrowserWindow,
  options: OpenDialogOptions,
): Promise<string | null> {
  const { filePaths } = await dialog.showOpenDialog(window, options);
  return filePaths[0] ?? null;
}

function handle(
  channel: string,
  answer: (window: BrowserWindow, ...parameters: unknown[]) => unknown,
): void {
  ipcMain.handle(channel, (event: IpcMainInvokeEvent, ...parameters: unknown[]) => {
    const window = BrowserWindow.fromWebContents(event.sender);
    const isOurs =
      event.senderFrame === event.sender.mainFrame &&
      event.senderFrame.url.startsWith(`${appOrigin}/`);
    if (!window || !isOurs) throw new Error('Messages of other pages are not answered.');
    return answer(window, ...parameters);
  });
}
