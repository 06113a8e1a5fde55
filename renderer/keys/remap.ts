import type { Settings } from '../../app/api/settings.ts';
import type { CommandId } from '../command-id.ts';
import type { KeyMap } from './resolve.ts';

/** The keys that a person chose, by command; see {@link Settings}. */
type ChosenKeys = Settings['keys'];

/** The command that has these keys now. */
export function ownerOf(keys: string, map: KeyMap): CommandId | null {
  for (const [id, its] of map) if (its.includes(keys)) return id;
  return null;
}

/** Adds keys to a command, and takes them from the command that had them. */
export function giveKeys(keys: string, id: CommandId, map: KeyMap, chosen: ChosenKeys): ChosenKeys {
  const owner = ownerOf(keys, map);
  if (owner === id) return chosen;
  const others = owner && owner in chosen ? dropKeys(keys, owner, map, chosen) : chosen;
  return { ...others, [id]: [...(map.get(id) ?? []), keys] };
}

/** Takes keys from a command. */
export function dropKeys(keys: string, id: CommandId, map: KeyMap, chosen: ChosenKeys): ChosenKeys {
  return { ...chosen, [id]: (map.get(id) ?? []).filter((its) => its !== keys) };
}

/** Gives a command back the keys of the profile. */
export function resetKeys(id: CommandId, chosen: ChosenKeys): ChosenKeys {
  return Object.fromEntries(Object.entries(chosen).filter(([known]) => known !== id));
}
