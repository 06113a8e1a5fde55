export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const storageKey = 'pixel-sail-theme';

/** Light or dark: the person's choice, kept on this machine, or what the system says. */
export class Theme {
  #choice = $state<ThemeChoice>(storedChoice());
  readonly #system = window.matchMedia('(prefers-color-scheme: light)');

  constructor() {
    this.#system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get choice(): ThemeChoice {
    return this.#choice;
  }

  set choice(choice: ThemeChoice) {
    this.#choice = choice;
    localStorage.setItem(storageKey, choice);
    this.#apply();
  }

  #apply(): void {
    const fromSystem = this.#system.matches ? 'light' : 'dark';
    document.documentElement.dataset.theme = this.#choice === 'system' ? fromSystem : this.#choice;
  }
}

function storedChoice(): ThemeChoice {
  const stored = localStorage.getItem(storageKey);
  return themeChoices.find((choice) => choice === stored) ?? 'system';
}
