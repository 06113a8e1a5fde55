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

/** Answers the messages of our own pages; those of any other frame are refused. */
export function handleMessages(backend: BackendSupervisor): void {
  handle(channels.call, (_window, method, input) => passOn(backend, String(method), input));
  handle(channels.openFolder, (window) =>
    chooseFile(window, { properties: ['openDirectory', 'createDirectory'] }),
  );
  handle(channels.openFile, (window, kind) =>
    chooseFile(window, {
      properties: ['openFile'],
      filters: [
        kind === 'project'
          ? { name: shellTexts().project, extensions: ['pixelsail'] }
          : { name: shellTexts().coco, extensions: ['json'] },
      ],
    }),
  );
  handle(channels.saveFile, async (window, name) => {
    const { filePath } = await dialog.showSaveDialog(window, { defaultPath: String(name) });
    return filePath || null;
  });
  handle(channels.menu, (_window, menu) => showMenu(menu));
  backend.onEvent((name, payload) => {
    for (const window of BrowserWindow.getAllWindows()) {
      window.webContents.send(channels.event, name, payload);
    }
  });
}

async function passOn(
  backend: BackendSupervisor,
  method: string,
  input: unknown,
): Promise<CallResult> {
  try {
    if (!isMethodName(method)) {
      throw new AppError('not-found', `There is no method "${method}" in the contract.`);
    }
    const value = await backend.request(method, input);
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
