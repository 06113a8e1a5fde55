import type { NativeMenu, NativeMenuItem } from '../app/api/native-menu.ts';
import { commandGroups, commands, type Command, type CommandGroup } from './commands.ts';
import { text } from './i18n/text.svelte.ts';
import type { Studio } from './studio.svelte.ts';

/** Commands that the platform adds to a group. */
const platformItems: Partial<Record<CommandGroup, () => NativeMenuItem[]>> = {
  project: () => [role('quit')],
  edit: () => [role('cut'), role('copy'), role('paste'), role('selectAll')],
  view: () => [role('togglefullscreen'), role('toggleDevTools')],
};

type Role = Extract<NativeMenuItem, { kind: 'role' }>['role'];

function role(name: Role): NativeMenuItem {
  return { kind: 'role', role: name, label: text.nativeMenu[name] };
}

/** The menu of a desktop window: every command in its group, the project first as everywhere. */
export function nativeMenu(studio: Studio): NativeMenu {
  const groups: CommandGroup[] = [
    'project',
    ...commandGroups.filter((group) => group !== 'project'),
  ];
  return groups.map((group) => {
    const own = commands.filter((command) => command.group === group);
    const added = platformItems[group]?.() ?? [];
    return {
      label: text.commandGroups[group],
      items: [
        ...own.map((command) => toItem(command, studio)),
        ...(added.length > 0 ? [{ kind: 'separator' } as const, ...added] : []),
      ],
    };
  });
}

function toItem(command: Command, studio: Studio): NativeMenuItem {
  // Keys without Ctrl are for the canvas; a menu that showed them would promise them everywhere.
  const keys = command.keys.find((shortcut) => /^(Ctrl\+|F\d+$)/.test(shortcut)) ?? null;
  const { id, label } = command;
  return { kind: 'command', id, label, keys, isEnabled: command.isEnabled(studio) };
}
