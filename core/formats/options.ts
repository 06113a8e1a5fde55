/** What an option of a format is called, what it does, and what its choices mean, in one language. */
export interface OptionWords<Choice extends string = string> {
  readonly title: string;
  readonly help?: string;
  readonly choices?: Readonly<
    Record<Choice, string | { readonly title: string; readonly help: string }>
  >;
}

/** What `optionWords` puts beside an option's schema, from where z.toJSONSchema takes it along. */
export interface OptionMeta {
  readonly title: string;
  readonly description?: string;
  readonly words: { readonly english: OptionWords; readonly chinese: OptionWords };
  /** The option is asked for only where another one has this value. */
  readonly onlyWith?: { readonly option: string; readonly value: string | boolean };
  /** Few people need it; dialogs keep it folded away. */
  readonly isAdvanced?: boolean;
}

/**
 * The words of an option, for `.meta(optionWords(…))` of its schema. Languages stand side by side, and the type check asks
 * for the same choices in both.
 */
export function optionWords<English extends OptionWords>(
  english: English,
  chinese: OptionWords<Extract<keyof English['choices'], string>> & WithHelpOf<English>,
  shown: Pick<OptionMeta, 'onlyWith' | 'isAdvanced'> = {},
): OptionMeta & Record<string, unknown> {
  return {
    title: english.title,
    ...(english.help !== undefined && { description: english.help }),
    words: { english, chinese },
    ...shown,
  };
}

/** What one language explains, the other does too. */
type WithHelpOf<English extends OptionWords> = (English extends { readonly help: string }
  ? { readonly help: string }
  : unknown) &
  (English extends { readonly choices: object } ? { readonly choices: object } : unknown);
