/** Tables as comma-separated values (RFC 4180). */

/**
 * The rows of a table, as they come; empty lines are passed over. Quoted fields may hold line
 * breaks.
 */
export async function* readCsv(
  chunks: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<{ readonly line: number; readonly fields: readonly string[] }, void> {
  let [rest, line] = ['', 1];
  for await (const chunk of chunks) {
    const text = rest + chunk;
    let start = 0;
    for (let end = lineEnd(text, start); end >= 0; end = lineEnd(text, start)) {
      const row = text.slice(start, end).replace(/\r$/, '');
      if (row !== '') yield { line, fields: fieldsOf(row) };
      line += row.split('\n').length;
      start = end + 1;
    }
    rest = text.slice(start);
  }
  if (rest.trim() !== '') yield { line, fields: fieldsOf(rest.replace(/\r$/, '')) };
}

/** The next line break outside quotes; -1 for none. */
function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  const quote = text.indexOf('"', start);
  if (quote < 0 || quote > end) return end;
  let isQuoted = false;
  for (let index = quote; index < text.length; index++) {
    if (text[index] === '"') isQuoted = !isQuoted;
    else if (text[index] === '\n' && !isQuoted) return index;
  }
  return -1;
}

function fieldsOf(row: string): string[] {
  if (!row.includes('"')) return row.split(',');
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let index = 0; index < row.length; index++) {
    const character = row[index]!;
    if (character === '"' && isQuoted && row[index + 1] === '"') {
      field += '"';
      index++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (character === ',' && !isQuoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}

/** A row as text, with its line break. */
export function csvRow(fields: readonly (string | number)[]): string {
  return `${fields.map(quoted).join(',')}\n`;
}

function quoted(field: string | number): string {
  const text = String(field);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
