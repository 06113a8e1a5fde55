import { getContext, setContext } from 'svelte';
import type { SettingsState } from './settings.svelte.ts';

const key = Symbol('settings');

/** Gives the settings to every component below; for those that are far from the studio. */
export function provideSettings(settings: SettingsState): void {
  setContext(key, settings);
}

/** @returns the settings that a component above provides */
export function providedSettings(): SettingsState {
  return getContext<SettingsState>(key);
}
