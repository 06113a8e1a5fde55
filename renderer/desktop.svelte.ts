import type { Desktop, Unsaved } from '../app/api/contract.ts';
import { commands } from './commands.ts';
import type { SaveState } from './editor/save-queue.svelte.ts';
import { failureText } from './i18n/failure-text.ts';
import { text } from './i18n/text.svelte.ts';
import { nativeMenu } from './native-menu.ts';
import type { Studio } from './studio.svelte.ts';

/**
 * Connects the interface with the window around it: its menu, files opened from outside, and its
 * end.
 */
export function connectDesktop(studio: Studio, desktop: Desktop): void {
  let shown = '';
  $effect.root(() => {
    $effect(() => {
      const menu = nativeMenu(studio);
      // Much of what the menu is made of changes more often than the menu.
      const written = JSON.stringify(menu);
      if (written !== shown) desktop.showMenu(menu);
      shown = written;
    });
  });
  desktop.onCommand((id) => {
    const chosen = commands.find((command) => command.id === id);
    if (chosen?.isEnabled(studio) && !studio.dialog) chosen.run(studio, '');
  });
  desktop.onOpenProject((file) => void studio.openProject(file));
  desktop.onClosing(() => saveAll(studio));
}

async function saveAll({ editor }: Studio): Promise<Unsaved | null> {
  const saves = editor?.document.saves;
  try {
    await saves?.settled();
    return null;
  } catch (thrown) {
    const { stay, leave } = text.closing;
    return { message: unsavedText(saves!.state), detail: failureText(thrown), stay, leave };
  }
}

function unsavedText(state: SaveState): string {
  if (state.kind === 'refused') return text.topBar.refused(state.changes.length);
  return text.topBar.failed(state.kind === 'failed' ? state.waiting : 1);
}
