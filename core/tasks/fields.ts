import { z } from 'zod';

/** The texts of a field in one language. */
export interface FieldWords {
  readonly label: string;
  readonly placeholder?: string;
}

/** A field of the form that an item is written in. */
export interface TaskField {
  readonly name: string;
  /**
   * One line, several lines, a list with one entry a line, or one entry of such a list (one line
   * where the list is empty).
   */
  readonly kind: 'line' | 'lines' | 'list' | 'choice';
  /** The list of a choice. */
  readonly of?: string;
  readonly words: { readonly english: FieldWords; readonly chinese: FieldWords };
  /** The value in the short form of a region, which has no such field. */
  readonly initially?: string;
}

/** The values of a form by the names of its fields. */
export type FieldValues = Readonly<Record<string, string>>;

const described = z.registry<Omit<TaskField, 'name'>>();

/** A line of text in the content of a task. */
export function lineField(english: FieldWords, chinese: FieldWords): z.ZodString {
  return z.string().register(described, { kind: 'line', words: { english, chinese } });
}

/**
 * Several lines of text in the content of a task.
 * @param initially the value in the short form of a region, which does not have the field then
 */
export function linesField(
  english: FieldWords,
  chinese: FieldWords,
  initially?: string,
): z.ZodString {
  const words = { english, chinese };
  return z
    .string()
    .register(described, { kind: 'lines', words, ...(initially !== undefined && { initially }) });
}

/** A list of texts in the content of a task. */
export function listField(english: FieldWords, chinese: FieldWords): z.ZodArray<z.ZodString> {
  const words = { english, chinese };
  return z.array(z.string()).register(described, { kind: 'list', words });
}

/** One entry of a list of the same content. */
export function choiceField(of: string, english: FieldWords, chinese: FieldWords): z.ZodString {
  return z.string().register(described, { kind: 'choice', of, words: { english, chinese } });
}

/**
 * The fields of the content of a task, in their order. A field without a description is drawn by
 * its type, under its own name.
 */
export function fieldsOf(content: z.ZodObject): TaskField[] {
  return Object.entries(content.shape).map(([name, schema]) => {
    const known = described.get(schema);
    const kind = schema instanceof z.ZodArray ? 'list' : 'line';
    const words = { english: { label: name }, chinese: { label: name } };
    return { name, ...(known ?? { kind, words }) };
  });
}

/** The values of the form of an item. */
export function valuesOf(schema: z.ZodObject, content: unknown): FieldValues {
  const parts = content as Readonly<Record<string, string | readonly string[]>>;
  return Object.fromEntries(
    fieldsOf(schema).map(({ name }) => {
      const part = parts[name] ?? '';
      return [name, typeof part === 'string' ? part : part.join('\n')];
    }),
  );
}

/**
 * The content of a form; a field without a value has its initial one.
 * @param before the edited content, from which unchanged fields are kept as they are: a form cannot
 * show each text, for instance not an entry of a list with a line break
 */
export function contentOf(schema: z.ZodObject, values: FieldValues, before?: unknown): unknown {
  const kept = (before ?? {}) as Readonly<Record<string, unknown>>;
  const shown = valuesOf(schema, kept);
  return Object.fromEntries(
    fieldsOf(schema).map(({ name, kind, initially = '' }) => {
      const value = values[name] ?? initially;
      if (kept[name] !== undefined && value === shown[name]) return [name, kept[name]];
      return [name, kind === 'list' ? entriesOf(value) : value.trim()];
    }),
  );
}

/** The entries of a list in a form, one a line. */
export function entriesOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
