import type { KeyProfile, Settings } from '../../app/api/settings.ts';
import type { CommandId } from '../command-id.ts';
import { profileKeys } from './profiles.ts';

export type KeyMap = ReadonlyMap<CommandId, readonly string[]>;

/**
 * The keys of every command: what the person chose, else what the profile says, else the default.
 * No key belongs to two commands: the one that was chosen more closely has it, and among equals
 * the earlier one.
 */
export function resolveKeys(
  commands: readonly { readonly id: CommandId; readonly defaultKeys: readonly string[] }[],
  profile: KeyProfile,
  chosen: Settings['keys'] = {},
): KeyMap {
  const resolved = new Map<CommandId, readonly string[]>();
  const taken = new Set<string>();
  const layers = [
    (id: CommandId) => chosen[id],
    (id: CommandId) => profileKeys[profile][id],
    (_: CommandId, defaultKeys: readonly string[]) => defaultKeys,
  ];
  for (const keysIn of layers) {
    for (const { id, defaultKeys } of commands) {
      const keys = resolved.has(id) ? undefined : keysIn(id, defaultKeys);
      if (!keys) continue;
      const free = keys.filter((key) => !taken.has(key));
      for (const key of free) taken.add(key);
      resolved.set(id, free);
    }
  }
  return resolved;
}
