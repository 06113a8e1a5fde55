import { describe, expect, it } from 'vitest';
import { commands } from '../../../renderer/commands.ts';
import { matchesKeys, type KeyPress } from '../../../renderer/editor/keys.ts';
import { QuickCategories } from '../../../renderer/editor/quick-categories.ts';

const press = (key: string, modifiers: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...modifiers,
});

describe('shortcuts', () => {
  it('match their keys and no others', () => {
    expect(matchesKeys(press('z', { ctrlKey: true }), 'Ctrl+Z')).toBe(true);
    expect(matchesKeys(press('Z', { ctrlKey: true, shiftKey: true }), 'Ctrl+Z')).toBe(false);
    expect(matchesKeys(press('Z', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+Z')).toBe(true);
    expect(matchesKeys(press('d'), 'D')).toBe(true);
    expect(matchesKeys(press('d', { altKey: true }), 'D')).toBe(false);
    expect(matchesKeys(press('Tab', { shiftKey: true }), 'Tab')).toBe(false);
  });

  it('take the Command key of a Mac for Ctrl', () => {
    expect(matchesKeys(press('z', { metaKey: true }), 'Ctrl+Z')).toBe(true);
  });

  it('find a sign whether or not the keyboard needs Shift for it', () => {
    expect(matchesKeys(press('?', { shiftKey: true }), '?')).toBe(true);
    expect(matchesKeys(press('+'), '+')).toBe(true);
    expect(matchesKeys(press('+', { shiftKey: true }), '+')).toBe(true);
  });

  it('go by the place of the key where its letter is not Latin', () => {
    expect(matchesKeys(press('в', { code: 'KeyD' }), 'D')).toBe(true);
  });

  it('belong to one command each', () => {
    const all = commands.flatMap(({ keys }) => keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are named by one command each', () => {
    const ids = commands.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('categories on number keys', () => {
  const nine = Array.from({ length: 9 }, (_, index) => `category ${index}`);

  it('keep their key when they are used', () => {
    expect(new QuickCategories(nine).use('category 4').use('category 1').ids).toEqual(nine);
  });

  it('give up the key that was not used for longest to a new one', () => {
    let quick = new QuickCategories(nine);
    for (const id of nine) if (id !== 'category 3') quick = quick.use(id);
    expect(quick.use('new').ids[3]).toBe('new');
  });
});
