import { dialog, ipcMain, type BrowserWindow, type IpcMainEvent } from 'electron';
import { z } from 'zod';
import { channels } from './channels.ts';
import { shellTexts } from './texts.ts';

/** How long a page may take to save what is unsaved before the person is asked. */
const savingMs = 10_000;

const unsavedSchema = z.object({
  message: z.string(),
  detail: z.string(),
  stay: z.string(),
  leave: z.string(),
});
type Unsaved = z.infer<typeof unsavedSchema>;

/**
 * A window closes when its page has saved what is unsaved. Where that fails, or the page does not
 * answer, the person decides. `onStay` is called when they keep the window.
 */
export function guardClosing(window: BrowserWindow, onStay: () => void): void {
  let mayClose = false;
  let isAsking = false;
  const decide = async () => {
    const unsaved = await askPage(window);
    mayClose = unsaved === null || (await confirmLoss(window, unsaved));
    if (mayClose) window.close();
    else onStay();
  };
  window.on('close', (event) => {
    if (mayClose) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    void decide().finally(() => (isAsking = false));
  });
}

/** The unsaved changes of the page, or null. */
async function askPage({ webContents }: BrowserWindow): Promise<Unsaved | null> {
  if (webContents.isCrashed() || webContents.isLoadingMainFrame()) return null;
  return new Promise((resolve) => {
    const answer = (unsaved: Unsaved | null) => {
      clearTimeout(timer);
      ipcMain.off(channels.closable, receive);
      webContents.off('render-process-gone', leave);
      resolve(unsaved);
    };
    const receive = (event: IpcMainEvent, unsaved: unknown) => {
      if (event.sender === webContents) answer(unsavedSchema.nullable().parse(unsaved));
    };
    const leave = () => answer(null);
    const timer = setTimeout(() => answer(shellTexts().noAnswer), savingMs);
    ipcMain.on(channels.closable, receive);
    webContents.once('render-process-gone', leave);
    webContents.send(channels.closing);
  });
}

async function confirmLoss(window: BrowserWindow, unsaved: Unsaved): Promise<boolean> {
  const { message, detail, stay, leave } = unsaved;
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message,
    detail,
    buttons: [stay, leave],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}
