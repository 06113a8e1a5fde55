/** Images with masks that `finetune` needs: fewer teach nothing and measure nothing. */
export const minTrainingImages = 4;

/** The prompts by which a model is scored before and after a training. */
export const scoredPrompts = ['box', 'point', 'text'] as const;
export type ScoredPrompt = (typeof scoredPrompts)[number];
