import type { Command } from 'commander';
import type { FormatDescription } from '../../app/api/contract/dataset.ts';
import { describeFormats } from '../../app/features/dataset/dataset-formats.ts';
import { printResult, table } from '../output.ts';

interface FormatsOptions {
  readonly markdown?: boolean;
  readonly json?: boolean;
}

/** `formats`: what datasets are read and written, and the losses of each. */
export function addFormatsCommand(program: Command): void {
  program
    .command('formats')
    .description('list the formats of datasets that are read and written')
    .option('--markdown', 'print a Markdown table')
    .option('--json', 'print JSON, with the options of each')
    .action(({ markdown = false, json = false }: FormatsOptions) => {
      const formats = describeFormats();
      printResult(json, formats, () =>
        markdown ? formatsInMarkdown(formats) : table(rowsOf(formats)),
      );
    });
}

const heading = ['format', 'id', 'read', 'written', 'losses of an export', 'proven against'];

function rowsOf(formats: readonly FormatDescription[]): string[][] {
  const rows = formats.map(({ id, title, cannotHold, provenAgainst, read, write }) => [
    title,
    id,
    read ? 'yes' : 'no',
    write ? (write.output.kind === 'file' ? 'a file' : 'a folder') : 'no',
    cannotHold.english,
    provenAgainst.join(', '),
  ]);
  return [heading, ...rows];
}

/** The table of the README. */
export function formatsInMarkdown(formats: readonly FormatDescription[]): string {
  const escaped = rowsOf(formats).map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = heading.map((_, column) => Math.max(...escaped.map((row) => row[column]!.length)));
  const lines = escaped.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}
