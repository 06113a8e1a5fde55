import type { CommandId } from '../command-id.ts';
import type { KeyMap } from './resolve.ts';

let current = $state.raw<KeyMap>(new Map());

/** Gives every command its keys, wherever they are shown. */
export function useKeys(keys: KeyMap): void {
  current = keys;
}

/** The keys of a command now; undefined before any were given out. */
export function keysOf(id: CommandId): readonly string[] | undefined {
  return current.get(id);
}
