/** A part of a line: plain, strong or code. */
export interface Span {
  readonly kind: 'plain' | 'strong' | 'code';
  readonly text: string;
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Span[])[])[] };

/**
 * Reads the Markdown that model cards are written in: headings, paragraphs, lists, tables and
 * code. Links become their text; anything else, HTML too, stays text.
 */
export function parseMarkdown(source: string): Block[] {
  const lines = withoutFrontMatter(source.split(/\r?\n/));
  const blocks: Block[] = [];
  while (lines.length > 0) {
    const line = lines[0]!;
    if (line.trim() === '') lines.shift();
    else if (line.startsWith('```')) blocks.push(takeCode(lines));
    else if (/^#{1,6} /.test(line)) blocks.push(takeHeading(lines));
    else if (line.startsWith('|')) blocks.push(takeTable(lines));
    else if (isListItem(line)) blocks.push(takeList(lines));
    else blocks.push({ kind: 'paragraph', spans: parseSpans(takeParagraph(lines)) });
  }
  return blocks;
}

const isListItem = (line: string) => /^\s*([-*]|\d+\.) /.test(line);
const beginsBlock = (line: string) => /^(```|#{1,6} |\|)/.test(line) || isListItem(line);

/** Hugging Face puts facts for machines before the card. */
function withoutFrontMatter(lines: string[]): string[] {
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  return lines.slice(end + 1);
}

function takeWhile(lines: string[], isWanted: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !isWanted(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

function takeCode(lines: string[]): Block {
  lines.shift();
  const code = takeWhile(lines, (line) => !line.startsWith('```'));
  lines.shift();
  return { kind: 'code', text: code.join('\n') };
}

function takeHeading(lines: string[]): Block {
  const [, marks, words] = /^(#+) (.*)$/.exec(lines.shift()!)!;
  return { kind: 'heading', level: marks!.length, spans: parseSpans(words!) };
}

function takeTable(lines: string[]): Block {
  const rows = takeWhile(lines, (line) => line.startsWith('|'))
    .filter((line) => !/^\|[\s:|-]+$/.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\||\|$/g, '')
        .split('|'),
    );
  return { kind: 'table', rows: rows.map((row) => row.map((cell) => parseSpans(cell.trim()))) };
}

function takeList(lines: string[]): Block {
  const items: string[] = [];
  while (lines.length > 0 && isListItem(lines[0]!)) {
    const first = lines.shift()!.replace(/^\s*([-*]|\d+\.) /, '');
    items.push([first, takeParagraph(lines)].join(' ').trim());
  }
  return { kind: 'list', items: items.map(parseSpans) };
}

function takeParagraph(lines: string[]): string {
  return takeWhile(lines, (line) => line.trim() !== '' && !beginsBlock(line))
    .map((line) => line.trim())
    .join(' ');
}

function parseSpans(text: string): Span[] {
  const plain = text.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1');
  return plain
    .split(/(\*\*[^*]+\*\*|`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part): Span => {
      if (/^\*\*.+\*\*$/.test(part)) return { kind: 'strong', text: part.slice(2, -2) };
      if (/^`.+`$/.test(part)) return { kind: 'code', text: part.slice(1, -1) };
      return { kind: 'plain', text: part };
    });
}
