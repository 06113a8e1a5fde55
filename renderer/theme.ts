import type { ThemeChoice } from '../app/api/settings.ts';

/** Shows a theme; `system` follows what the system says until the returned function is called. */
export function showTheme(choice: ThemeChoice): () => void {
  const system = window.matchMedia('(prefers-color-scheme: light)');
  const apply = () => {
    const fromSystem = system.matches ? 'light' : 'dark';
    document.documentElement.dataset.theme = choice === 'system' ? fromSystem : choice;
  };
  apply();
  system.addEventListener('change', apply);
  return () => system.removeEventListener('change', apply);
}
