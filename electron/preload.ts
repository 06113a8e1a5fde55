import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { ErrorEnvelope } from '../core/errors.ts';
import type { HostBridge } from '../app/api/contract.ts';
import { isMethodName, type CallResult } from '../app/api/serve.ts';
import { channels, imageScheme } from './channels.ts';

/**
 * All that a page may do. Errors cross the bridge as plain envelopes, for it strips classes (see
 * host-bridge.ts).
 */
const bridge: HostBridge = {
  host: 'electron',
  async call(name, input) {
    // Electron's bridge loses the class of a thrown error.
    /* eslint-disable @typescript-eslint/only-throw-error */
    if (!isMethodName(name)) throw unknownMethod(name);
    const result = (await ipcRenderer.invoke(channels.call, name, input)) as CallResult;
    if (!result.ok) throw result.error;
    /* eslint-enable @typescript-eslint/only-throw-error */
    return result.value as never;
  },
  on(name, listener) {
    const receive = (_event: IpcRendererEvent, announced: string, payload: unknown) => {
      if (announced === name) listener(payload as never);
    };
    ipcRenderer.on(channels.event, receive);
    return () => void ipcRenderer.off(channels.event, receive);
  },
  imageUrl: (imageId, variant) =>
    `${imageScheme}://project/${encodeURIComponent(imageId)}/${variant}`,
  pathOfFile: (file) => webUtils.getPathForFile(file) || null,
  dialogs: {
    openFolder: () => ipcRenderer.invoke(channels.openFolder) as Promise<string | null>,
    openFile: (kind) => ipcRenderer.invoke(channels.openFile, kind) as Promise<string | null>,
    saveFile: (name) => ipcRenderer.invoke(channels.saveFile, name) as Promise<string | null>,
  },
  desktop: {
    showMenu: (menu) => void ipcRenderer.invoke(channels.menu, menu),
    onCommand: (listener) =>
      void ipcRenderer.on(channels.command, (_event, id: string) => listener(id)),
    onOpenProject: (listener) =>
      void ipcRenderer.on(channels.openProject, (_event, file: string) => listener(file)),
    onClosing: (listener) =>
      void ipcRenderer.on(channels.closing, () => {
        void listener().then((unsaved) => ipcRenderer.send(channels.closable, unsaved));
      }),
  },
};

function unknownMethod(name: unknown): ErrorEnvelope {
  const message = `There is no method "${String(name)}" in the contract.`;
  return { code: 'not-found', message, detail: {}, sentence: null };
}

contextBridge.exposeInMainWorld('pixelSail', bridge);
