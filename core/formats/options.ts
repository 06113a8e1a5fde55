import { z } from 'zod';

/** Title, help and choices of an option of a format, in one language. */
export interface OptionWords<Choice extends string = string> {
  readonly title: string;
  readonly help?: string;
  readonly choices?: Readonly<Record<Choice, ChoiceWords>>;
}

type ChoiceWords = string | { readonly title: string; readonly help: string };

/** Metadata that {@link optionWords} adds to the schema of an option; z.toJSONSchema keeps it. */
export interface OptionMeta {
  readonly title: string;
  readonly description?: string;
  readonly words: { readonly english: OptionWords; readonly chinese: OptionWords };
  /** The option is asked for only where another one has this value. */
  readonly onlyWith?: { readonly option: string; readonly value: string | boolean };
  /** Few people need it; dialogs keep it folded away. */
  readonly isAdvanced?: boolean;
}

/** Both languages have the same explanations. */
type SameAs<English extends OptionWords> = OptionWords &
  (English extends { readonly help: string } ? { readonly help: string } : unknown) &
  (English extends { readonly choices: infer Choices }
    ? { readonly choices: { readonly [Choice in keyof Choices]: ChoiceWords } }
    : unknown);

/**
 * The words of an option, for `.meta(optionWords(…))` of its schema. Languages stand side by side,
 * and the type check asks for the same in both.
 */
export function optionWords<const English extends OptionWords>(
  english: English,
  chinese: SameAs<NoInfer<English>>,
  shown: Pick<OptionMeta, 'onlyWith' | 'isAdvanced'> = {},
): OptionMeta & Record<string, unknown> {
  return {
    title: english.title,
    ...(english.help !== undefined && { description: english.help }),
    words: { english, chinese },
    ...shown,
  };
}

export type OptionValue = string | number | boolean;

/** An option as JSON schema, with {@link OptionMeta} where the format gives it. */
export interface OptionSchema extends Partial<OptionMeta> {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean';
  readonly enum?: readonly string[];
  readonly default?: OptionValue;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The options of a format as JSON schema of a flat object. */
export interface OptionsSchema {
  readonly properties?: Readonly<Record<string, OptionSchema>>;
}

/** A format's options for those who draw them. */
export function describeOptions(schema: z.ZodType | undefined): OptionsSchema {
  if (!schema) return {};
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as OptionsSchema;
}

/** The values that options have unless somebody chooses others. */
export function defaultsOf({ properties = {} }: OptionsSchema): Record<string, OptionValue> {
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, option]) =>
      option.default === undefined ? [] : [[name, option.default]],
    ),
  );
}

/** The options that are asked for, given the values of all. */
export function askedFor(
  { properties = {} }: OptionsSchema,
  values: Readonly<Record<string, OptionValue>>,
): [name: string, option: OptionSchema][] {
  return Object.entries(properties).filter(
    ([, { onlyWith }]) => !onlyWith || values[onlyWith.option] === onlyWith.value,
  );
}
