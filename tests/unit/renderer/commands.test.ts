import { afterEach, describe, expect, it } from 'vitest';
import { keyProfiles, type Settings } from '../../../app/api/settings.ts';
import { command, commandGroups, commands } from '../../../renderer/commands.ts';
import { toolCommandId, tools } from '../../../renderer/editor/tools/registry.ts';
import { english } from '../../../renderer/i18n/en.ts';
import { useKeys } from '../../../renderer/keys/key-map.svelte.ts';
import { ariaKeys, keysOfPress, shownKeys, type KeyPress } from '../../../renderer/keys/press.ts';
import { profileKeys } from '../../../renderer/keys/profiles.ts';
import { dropKeys, giveKeys, ownerOf, resetKeys } from '../../../renderer/keys/remap.ts';
import { resolveKeys } from '../../../renderer/keys/resolve.ts';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('a key press', () => {
  it('is named with what is held beside it', () => {
    expect(keysOfPress(press('z', { ctrlKey: true }))).toEqual(['Ctrl+Z']);
    expect(keysOfPress(press('Z', { ctrlKey: true, shiftKey: true }))).toEqual(['Ctrl+Shift+Z']);
    expect(keysOfPress(press('d', { altKey: true, code: 'KeyD' }))).toEqual(['Alt+D']);
    expect(keysOfPress(press('Tab', { shiftKey: true }))).toEqual(['Shift+Tab']);
    expect(keysOfPress(press(' '))).toEqual(['Space']);
  });

  it('means nothing while only Ctrl, Alt or Shift is down', () => {
    expect(keysOfPress(press('Control', { ctrlKey: true, code: 'ControlLeft' }))).toEqual([]);
  });

  it('takes the Command key of a Mac for Ctrl', () => {
    expect(keysOfPress(press('z', { metaKey: true }))).toEqual(['Ctrl+Z']);
  });

  it('finds a sign whether or not the keyboard needs Shift for it', () => {
    expect(keysOfPress(press('?', { shiftKey: true, code: 'Slash' }))).toEqual(['?']);
    expect(keysOfPress(press('+', { code: 'BracketRight' }))).toEqual(['+']);
    expect(keysOfPress(press('+', { shiftKey: true, code: 'Equal' }))).toEqual(['+']);
  });

  it('goes by the place of the key where its character is not Latin', () => {
    expect(keysOfPress(press('в', { code: 'KeyD' }))).toContain('D');
    expect(keysOfPress(press('х', { code: 'BracketLeft' }))).toContain('[');
  });

  it('goes by the letter on a Latin keyboard of another order', () => {
    expect(keysOfPress(press('a', { code: 'KeyQ' }))).toEqual(['A']);
  });

  it('finds digits that need Shift and letters that Alt turns into signs', () => {
    expect(keysOfPress(press('&', { code: 'Digit1' }))).toEqual(['&', '1']);
    expect(keysOfPress(press('˙', { code: 'KeyH', altKey: true }))).toContain('Alt+H');
    expect(keysOfPress(press('End', { code: 'Numpad1' }))).toEqual(['End']);
  });

  it('is shown as the platform writes it', () => {
    expect(shownKeys('Ctrl+Shift+PageDown', false)).toBe('Ctrl+Shift+PgDn');
    expect(shownKeys('Ctrl+Shift+Z', true)).toBe('⌘⇧Z');
    expect(shownKeys('+', false)).toBe('+');
    expect(shownKeys('Ctrl++', false)).toBe('Ctrl++');
    expect(ariaKeys('Ctrl+Z', false)).toBe('Control+Z');
    expect(ariaKeys('Ctrl+Z', true)).toBe('Meta+Z');
  });
});

describe('commands', () => {
  it('are named by one command each, and each name has one', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const named = [...Object.keys(english.commands), ...tools.map(({ id }) => toolCommandId(id))];
    expect(new Set(ids)).toEqual(new Set(named));
  });

  it('are in a group of the shortcut sheet each', () => {
    expect(commands.filter(({ group }) => !commandGroups.includes(group))).toEqual([]);
  });
});

describe.each(keyProfiles)('the keys of %s', (profile) => {
  const keys = resolveKeys(commands, profile);

  it('belong to one command each', () => {
    const all = commands.flatMap(({ defaultKeys }) => defaultKeys);
    expect(new Set(all).size).toBe(all.length);
    const ofProfile = Object.values(profileKeys[profile]).flat();
    expect(new Set(ofProfile).size).toBe(ofProfile.length);
    const resolved = [...keys.values()].flat();
    expect(new Set(resolved).size).toBe(resolved.length);
  });

  it('leave no command without a key that has one by default', () => {
    const lost = commands.filter(
      ({ id, defaultKeys }) => defaultKeys.length > 0 && keys.get(id)!.length === 0,
    );
    expect(lost.map(({ id }) => id)).toEqual([]);
  });

  it('are what the profile says', () => {
    for (const [id, ofProfile] of Object.entries(profileKeys[profile])) {
      expect(keys.get(id as keyof typeof english.commands)).toEqual(ofProfile);
    }
  });
});

describe('keys of a person', () => {
  afterEach(() => useKeys(new Map()));

  it('stand above the profile, and take the key from the command that had it', () => {
    const keys = resolveKeys(commands, 'cvat', { toolPoint: ['F'], undo: [] });
    expect(keys.get('toolPoint')).toEqual(['F']);
    expect(keys.get('nextImage')).toEqual(['PageDown']);
    expect(keys.get('undo')).toEqual([]);
  });

  it('belong to one command even where a file gives them to two', () => {
    const keys = resolveKeys(commands, 'default', { toolPoint: ['X'], toolBox: ['X'] });
    expect(keys.get('toolPoint')).toEqual(['X']);
    expect(keys.get('toolBox')).toEqual([]);
  });

  it('can be given to another command, dropped and set back', () => {
    const resolve = (chosen: Settings['keys']) => resolveKeys(commands, 'default', chosen);
    expect(ownerOf('D', resolve({}))).toBe('nextImage');
    let chosen = giveKeys('D', 'undo', resolve({}), {});
    expect(resolve(chosen).get('undo')).toEqual(['Ctrl+Z', 'D']);
    expect(resolve(chosen).get('nextImage')).toEqual(['PageDown']);
    chosen = giveKeys('D', 'redo', resolve(chosen), chosen);
    expect(resolve(chosen).get('undo')).toEqual(['Ctrl+Z']);
    expect(resolve(chosen).get('redo')).toContain('D');
    chosen = dropKeys('D', 'redo', resolve(chosen), chosen);
    expect(ownerOf('D', resolve(chosen))).toBe('nextImage');
    chosen = resetKeys('undo', resetKeys('redo', chosen));
    expect(resolve(chosen)).toEqual(resolve({}));
  });

  it('are those that buttons and menus show', () => {
    expect(command('nextImage').keys).toEqual(['D', 'PageDown']);
    useKeys(resolveKeys(commands, 'cvat'));
    expect(command('nextImage').keys).toEqual(['F', 'PageDown']);
  });
});
