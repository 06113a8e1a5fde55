const storageKey = 'pixel-sail-prompts';
const longest = 30;

/** Text prompts asked before on this machine, the latest first. */
export function rememberedPrompts(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter((words) => typeof words === 'string') : [];
  } catch {
    // A damaged history is worth less than a working window.
    return [];
  }
}

/** Puts a prompt first and returns the new history. */
export function remember(words: string): readonly string[] {
  const history = [words, ...rememberedPrompts().filter((known) => known !== words)].slice(
    0,
    longest,
  );
  localStorage.setItem(storageKey, JSON.stringify(history));
  return history;
}
