import { z } from 'zod';
import type { AppError } from '../../errors.ts';
import { exchangeOf, questionOf, readExchanges, turnsOf, type Exchange } from '../conversation.ts';
import type { DatasetFiles, DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetRow,
  DatasetSource,
  ImageRow,
  NoteRow,
  RowText,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { nameOf, stemOf } from '../file-paths.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { gatherRecords, recordFiles, recordsLikeness } from '../json-record-files.ts';
import { otherKeys } from '../json-values.ts';
import { optionWords } from '../options.ts';
import { photosOption } from '../photos-option.ts';
import { doubt } from '../row-notes.ts';
import { readTexts } from '../read-texts.ts';
import { splitFolders, splitNamed } from '../split-folders.ts';
import { wordProblem } from '../word-sentences.ts';
import { annotationNote, imageNote, writtenTexts } from '../written-notes.ts';

type Note = (note: WrittenNote) => void;

const writeOptions = z.object({
  file: z
    .enum(['json', 'jsonl'])
    .default('json')
    .meta(
      optionWords(
        {
          title: 'File',
          choices: { json: 'JSON, one list', jsonl: 'JSONL, one conversation a line' },
        },
        { title: '文件', choices: { json: 'JSON，一个列表', jsonl: 'JSONL，每行一段对话' } },
      ),
    ),
  photos: photosOption(false),
});
type LlavaWriteOptions = z.infer<typeof writeOptions>;

/** LLaVA's conversations about images, which ShareGPT's files have, too. */
export const llava: DatasetFormat<object, LlavaWriteOptions> = {
  id: 'llava',
  title: 'LLaVA / ShareGPT',
  cannotHold:
    'Left out: everything except descriptions of whole images and questions about whole images.',
  chinese: { cannotHold: '不写出：整个图像的描述和问题以外的所有内容。' },
  detect: (files) => recordsLikeness(files, likenessOf),
  readOptions: z.object({}),
  reader: { read: readLlava },
  writeOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeLlava,
    expected: () => null,
    minimumIou: 1,
    takesTexts: true,
  },
};

/** Osprey's files have conversations about regions. */
function likenessOf(start: string): Likeness {
  if (!/"(conversations|messages)"\s*:/.test(start) || /"segmentation"/.test(start)) return 'none';
  return /"image"\s*:/.test(start) && /"(from|role)"\s*:/.test(start) ? 'certain' : 'possible';
}

const recordKeys = ['id', 'image', 'conversations', 'messages', 'texts'];

async function* readLlava(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const found = await recordFiles(files, likenessOf);
  if (found.length === 0) {
    const parts = { name: files.name, title: llava.title, expected: '"image", "conversations"' };
    throw wordProblem('wordsNone', parts, 'dataset-invalid');
  }
  for (const { path } of found) {
    const split = splitNamed(nameOf(stemOf(path)));
    const images = new Map<string, ImageRow>();
    const notes: NoteRow[] = [];
    await gatherRecords(files, path, notes, (place, value) => {
      const { image: fileName } = value;
      // Conversations without an image are about nothing that a project has.
      if (typeof fileName !== 'string' || fileName === '') {
        throw wordProblem('wordsNothingSaid', {});
      }
      const note = (problem: AppError): void => void notes.push(doubt(place, problem));
      const texts = textsOf(value, note);
      const before = images.get(fileName);
      images.set(fileName, {
        kind: 'image',
        place: before?.place ?? place,
        key: `${path}:${fileName}`,
        fileName,
        size: null,
        split,
        texts: [...(before?.texts ?? []), ...texts],
        extra: { ...before?.extra, ...otherKeys(value, recordKeys) },
      });
    });
    yield* images.values();
    yield* notes;
  }
}

function textsOf(
  value: Readonly<Record<string, unknown>>,
  note: (problem: AppError) => void,
): RowText[] {
  const own = readTexts(value['texts']).texts;
  if (own.length > 0) return own;
  const exchanges = readExchanges(value['conversations'] ?? value['messages'], note);
  return exchanges.map(({ asked, answered }) => textOf({ asked: withoutImage(asked), answered }));
}

function textOf(exchange: Exchange): RowText {
  return exchange.asked === describePrompt
    ? { kind: 'description', text: exchange.answered }
    : questionOf(exchange);
}

const describePrompt = 'Describe this image in detail.';
const placeholder = '<image>';

/** The placeholder stands once in the first turn, before or after the words. */
function withoutImage(asked: string): string {
  return asked.replace(/^<image>\n?|\n?<image>$/, '');
}

async function writeLlava(
  source: DatasetSource,
  { file, photos }: LlavaWriteOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  noteLeftOut(source, note);
  const names = new Set(Array.from(source.images(), splitName));
  for (const name of names.size === 0 ? ['all'] : names) {
    const rows = recordsOf(source, name);
    const pieces = file === 'json' ? jsonListPieces('[', rows, ']\n') : linesOf(rows);
    await output.stream(`${name}.${file}`, pieces);
  }
  if (!photos) return;
  for (const { fileName, image } of source.images()) {
    await output.photo(`images/${fileName}`, image.id);
  }
}

function splitName({ image: { split } }: SourceImage): string {
  return split ? splitFolders[split] : 'all';
}

function noteLeftOut(source: DatasetSource, note: Note): void {
  for (const image of source.images()) {
    const count = image.texts.filter(({ kind }) => kind === 'referring').length;
    if (count > 0) note(imageNote(image, false, wordProblem('wordsTextLeft', { count })));
    for (const written of image.annotations()) {
      note(annotationNote(image, written, true, wordProblem('wordsRegionLeft', {})));
    }
  }
}

function* recordsOf(source: DatasetSource, name: string): Generator<object, void> {
  for (const image of source.images()) {
    const { texts } = image;
    const { extra } = image.image;
    const held = texts.filter(({ kind }) => kind !== 'referring');
    if (held.length === 0 || splitName(image) !== name) continue;
    const exchanges = held.map((text): Exchange => {
      if (text.kind === 'question') return exchangeOf(text);
      return { asked: describePrompt, answered: (text as { text: string }).text };
    });
    const read = exchanges.map(textOf);
    const plain = writtenTexts(held);
    const [first, ...others] = exchanges;
    const asked = `${placeholder}\n${first!.asked}`;
    yield {
      ...otherKeys(extra, recordKeys),
      id: String(image.exportId),
      image: image.fileName,
      conversations: turnsOf([{ ...first!, asked }, ...others]),
      // Where the words alone would be read as others.
      ...(!isSame(read, plain) && { texts: plain }),
    };
  }
}

function isSame(read: readonly object[], plain: readonly object[]): boolean {
  const sorted = (texts: readonly object[]): string[] =>
    texts.map((text) => JSON.stringify(Object.entries(text).sort(([a], [b]) => (a < b ? -1 : 1))));
  return sorted(read).join('\n') === sorted(plain).join('\n');
}

function* linesOf(rows: Iterable<object>): Generator<string, void> {
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}
