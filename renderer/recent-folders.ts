import type { SettingsState } from './settings.svelte.ts';

const mostRecent = 6;

/** Keeps a folder as the one that was chosen last. */
export function rememberFolder(settings: SettingsState, folder: string): Promise<void> {
  const others = settings.current.recentFolders.filter((known) => known !== folder);
  return settings.change({ recentFolders: [folder, ...others].slice(0, mostRecent) });
}
