import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { build } from 'vitepress';
import { describeFormats } from '../app/features/dataset/dataset-formats.ts';
import { formatsInMarkdown } from '../cli/commands/formats.ts';
import { exitCodeHelp } from '../cli/exit-codes.ts';
import { createProgram } from '../cli/program.ts';

// `npm run docs`: writes the pages of the reference from the registry of formats and from the
// commands, builds docs/site, and fails where a page would load something from another host.

const site = fileURLToPath(new URL('../docs/site', import.meta.url));

await mkdir(join(site, 'reference'), { recursive: true });
await writeFile(join(site, 'reference/formats.md'), formatsPage());
await writeFile(join(site, 'reference/commands.md'), commandsPage());
await build(site);
await requireLocal(join(site, '.vitepress/dist'));
console.log('Built docs/site/.vitepress/dist.');

function formatsPage(): string {
  return `# Formats\n\n${escaped(formatsInMarkdown(describeFormats()))}\n`;
}

function commandsPage(): string {
  const program = createProgram();
  const sections = program.commands.flatMap((command) => sectionsOf(command, 'pixelsail'));
  return `# Commands\n\n${sections.join('\n')}\n## Exit codes\n\n\`\`\`\n${exitCodeHelp}\n\`\`\`\n`;
}

/** A section for a command and one for each of its own. */
function sectionsOf(command: Command, before: string): string[] {
  const name = `${before} ${command.name()}`;
  if (command.commands.length > 0) {
    return command.commands.flatMap((each) => sectionsOf(each, name));
  }
  const help = command.createHelp();
  const rows = [
    ...help
      .visibleArguments(command)
      .map((each): [string, string] => [help.argumentTerm(each), help.argumentDescription(each)]),
    ...help
      .visibleOptions(command)
      .map((each): [string, string] => [help.optionTerm(each), help.optionDescription(each)]),
  ];
  const lines = rows.map(
    ([term, says]) =>
      `| \`${term.replaceAll('|', '\\|')}\` | ${escaped(says.replaceAll('|', '\\|'))} |`,
  );
  return [
    `## ${name}\n\n${escaped(command.description())}.\n\n\`${name} ${command.usage()}\`\n`,
    `|   |   |\n| - | - |\n${lines.join('\n')}\n`,
  ];
}

/** Text of a page: neither a tag nor an expression of Vue. */
function escaped(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;');
}

/** @throws Error naming a page that loads something from another host. */
async function requireLocal(folder: string): Promise<void> {
  const files = await readdir(folder, { recursive: true });
  for (const file of files.filter((name) => /\.(html|css)$/.test(name))) {
    const text = await readFile(join(folder, file), 'utf8');
    const remote =
      /<(?:img|script|link|source|video)\b[^>]*(?:src|href)="(?:https?:)?\/\/[^"]*"|url\(["']?(?:https?:)?\/\//.exec(
        text,
      );
    if (remote) throw new Error(`${file} loads from another host: ${remote[0]}`);
  }
}
