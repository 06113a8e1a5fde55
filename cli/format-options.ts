import { InvalidArgumentError, Option, type Command } from 'commander';
import type { FormatDescription } from '../app/api/contract/dataset.ts';
import type { OptionSchema, OptionsSchema, OptionValue } from '../core/formats/options.ts';
import { parseWithin } from './numbers.ts';

/** Collects `--option key=value` of any format. */
export function pairsOption(): Option {
  return new Option(
    '--option <key=value>',
    'option of the format, see `formats`; repeatable',
  ).argParser((pair: string, before: Readonly<Record<string, string>> | undefined) => {
    const equals = pair.indexOf('=');
    if (equals > 0) return { ...before, [pair.slice(0, equals)]: pair.slice(equals + 1) };
    throw new InvalidArgumentError(`Expected key=value, found "${pair}".`);
  });
}

/** Adds flags for the options of the default format. */
export function addFlags(command: Command, { properties = {} }: OptionsSchema): void {
  for (const [name, schema] of Object.entries(properties)) {
    command.addOption(flagOf(name, schema));
  }
}

function flagOf(name: string, schema: OptionSchema): Option {
  const words = (schema.description ?? schema.title ?? name).replace(/\.$/, '');
  const plain = words.charAt(0).toLowerCase() + words.slice(1);
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (schema.type === 'boolean') return new Option(flag, plain);
  const option = new Option(`${flag} <${schema.type === 'number' ? 'number' : name}>`, plain);
  if (schema.default !== undefined) option.default(schema.default);
  if (schema.enum) return option.choices(schema.enum);
  if (schema.type === 'number' || schema.type === 'integer') {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    const expected = `a number from ${minimum} to ${maximum}`;
    return option.argParser((text: string) => parseWithin(text, minimum, maximum, expected));
  }
  return option;
}

/** The given options: those of `--option`, and the flags of {@link addFlags}. */
export function givenOptions(
  command: Command,
  flags: OptionsSchema,
  schema: OptionsSchema,
  pairs: Readonly<Record<string, string>> = {},
): Record<string, OptionValue> {
  const ofFlags = Object.keys(flags.properties ?? {})
    .filter((name) => command.getOptionValueSource(name) === 'cli')
    .map((name) => [name, command.getOptionValue(name) as OptionValue] as const);
  const ofPairs = Object.entries(pairs).map(
    ([name, text]) => [name, valueOf(text, schema.properties?.[name])] as const,
  );
  return Object.fromEntries([...ofFlags, ...ofPairs]);
}

/**
 * A value that is not the expected number or boolean stays a text, which the format refuses with a
 * reason.
 */
function valueOf(text: string, schema: OptionSchema | undefined): OptionValue {
  if (schema?.type === 'boolean' && /^(true|false|yes|no)$/i.test(text)) {
    return /^(true|yes)$/i.test(text);
  }
  const isNumber = schema?.type === 'number' || schema?.type === 'integer';
  return isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The formats and their options, for the help of a command. */
export function formatsHelp(
  formats: readonly FormatDescription[],
  optionsOf: (format: FormatDescription) => OptionsSchema | null,
): string {
  const lines = formats.flatMap((format) => {
    const options = optionsOf(format);
    if (!options) return [];
    return [`  ${format.id.padEnd(18)}${format.title}`, ...optionLines(options)];
  });
  return `\nFormats and their options (--option):\n${lines.join('\n')}`;
}

function optionLines({ properties = {} }: OptionsSchema): string[] {
  return Object.entries(properties).map(([name, { title, description, ...schema }]) => {
    const values = schema.enum?.join('|') ?? (schema.type === 'boolean' ? 'yes|no' : schema.type);
    const chosen = schema.default === undefined ? '' : ` (default: ${String(schema.default)})`;
    return `    ${name}=${values}${chosen}  ${description ?? title ?? ''}`.trimEnd();
  });
}
