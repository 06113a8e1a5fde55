import type { DatasetFormat } from './format.ts';

/**
 * The name by which an export goes unless a person chooses another. In the pattern, `{project}`
 * stands for the project's name and `{option}` for the value of an option.
 */
export function exportName(
  pattern: string,
  projectName: string,
  options: Readonly<Record<string, unknown>>,
): string {
  const plain = projectName.replace(/[^\p{L}\p{N}_-]+/gu, '-');
  const values: Readonly<Record<string, unknown>> = { ...options, project: plain };
  return pattern.replaceAll(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

/** A file name, or the pattern of one, with another ending in place of its own. */
export function withEnding(name: string, ending: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '') + ending;
}

/** The pattern of a format's exports. */
export function fileNameOf({ id, exporter, writer }: DatasetFormat): string {
  const output = exporter?.output ?? writer?.output;
  const ending = output?.kind === 'file' ? output.ending : '';
  return exporter?.fileName ?? `{project}-${id}${ending}`;
}
