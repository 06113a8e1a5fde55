/** Names of the messages between a window and the main process. */
export const channels = {
  call: 'contract:call',
  event: 'contract:event',
  openFolder: 'dialog:open-folder',
  openFile: 'dialog:open-file',
  saveFile: 'dialog:save-file',
} as const;

/** Origin of the interface's own pages. */
export const appOrigin = 'app://studio';

/** Scheme under which the open project's images are served. */
export const imageScheme = 'app-image';
