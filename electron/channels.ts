/** Names of the messages between a window and the main process. */
export const channels = {
  call: 'contract:call',
  event: 'contract:event',
  openFolder: 'dialog:open-folder',
  openFile: 'dialog:open-file',
  saveFile: 'dialog:save-file',
  /** Page to main: the commands for the native menu. Main to page: the one that was chosen. */
  menu: 'menu:show',
  command: 'menu:command',
  /** Main to page: a project file was opened from outside. */
  openProject: 'project:open',
  /** Main to page: the window is to be closed. Page to main: what could not be saved, or null. */
  closing: 'window:closing',
  closable: 'window:closable',
} as const;

/** Origin of the interface's own pages. */
export const appOrigin = 'app://studio';

/** Scheme under which the open project's images are served. */
export const imageScheme = 'app-image';
