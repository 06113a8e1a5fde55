import { app, BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import { nativeMenuSchema, type NativeMenuItem } from '../app/api/native-menu.ts';
import { channels } from './channels.ts';
import { shellTexts } from './texts.ts';

/**
 * Shows what the interface says its menu is: its own commands, and those of the platform that it
 * names.
 * @throws ZodError when it is no menu.
 */
export function showMenu(menu: unknown): void {
  const groups = nativeMenuSchema.parse(menu);
  const template: MenuItemConstructorOptions[] = groups.map(({ label, items }) => ({
    label,
    submenu: items.map(toMenuItem),
  }));
  if (process.platform === 'darwin') template.unshift(appMenu());
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

/** The first menu of every application on macOS. */
function appMenu(): MenuItemConstructorOptions {
  const texts = shellTexts().appMenu;
  const { name } = app;
  return {
    label: name,
    submenu: [
      { role: 'about', label: texts.about(name) },
      { type: 'separator' },
      { role: 'hide', label: texts.hide(name) },
      { role: 'hideOthers', label: texts.hideOthers },
      { role: 'unhide', label: texts.unhide },
      { type: 'separator' },
      { role: 'quit', label: texts.quit(name) },
    ],
  };
}

function toMenuItem(item: NativeMenuItem): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'role':
      return { role: item.role, label: item.label };
    case 'command':
      return {
        label: item.label,
        enabled: item.isEnabled,
        ...accelerator(item.keys),
        click: (_item, window) => {
          if (window instanceof BrowserWindow) window.webContents.send(channels.command, item.id);
        },
      };
  }
}

/**
 * The keys are shown, not registered: the page hears them itself, and knows when a person is
 * typing. macOS registers every shown key, so there they are left out.
 */
function accelerator(keys: string | null): Partial<MenuItemConstructorOptions> {
  if (keys === null || process.platform === 'darwin') return {};
  return { accelerator: keys, registerAccelerator: false };
}
