import { z } from 'zod';
import type { AppError } from '../../errors.ts';
import { imageOfId, readCocoHead } from '../coco-head.ts';
import { cocoImage, cocoStart } from '../coco-written.ts';
import type { DatasetFiles, DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetRow,
  DatasetSource,
  ImageRow,
  NoteRow,
  RowText,
  WrittenNote,
} from '../dataset-row.ts';
import { nameOf } from '../file-paths.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { readJsonRows } from '../json-stream.ts';
import { describe } from '../describe.ts';
import { isObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { annotationNote, imageNote } from '../written-notes.ts';
import { captionsProblem } from './sentences.ts';

/** COCO's captions: descriptions of whole images. */
export const cocoCaptions: DatasetFormat<object, object> = {
  id: 'coco-captions',
  title: 'COCO captions',
  provenAgainst: ['Datumaro'],
  cannotHold: 'Left out: everything except descriptions of whole images.',
  chinese: { cannotHold: '不写出：整个图像的描述以外的所有内容。' },
  detect,
  readOptions: z.object({}),
  reader: { read: readCaptions },
  writeOptions: z.object({}),
  writer: {
    output: { kind: 'file', ending: '.json' },
    write: writeCaptions,
    expected: () => null,
    minimumIou: 1,
    takesTexts: true,
  },
};

/** Captions of an image may stand anywhere, so all are gathered before the first image is given. */
async function* readCaptions(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const paths = await captionFiles(files);
  if (paths.length === 0) {
    throw captionsProblem('captionsNone', { name: files.name }, 'dataset-invalid');
  }
  for (const path of paths) {
    const head = await readCocoHead(files, path);
    const captions = new Map<ImageRow, RowText[]>();
    const notes: NoteRow[] = [];
    const isAnnotations = (section: string): boolean => section === 'annotations';
    const rows = readJsonRows(files.chunks(path), { wanted: isAnnotations, numbers: 'python' });
    for await (const row of rows) {
      if (row.index === null) continue;
      const place = `${path} annotations[${row.index}]`;
      const note = (isLoss: boolean, problem: AppError): void =>
        void notes.push({ kind: 'note', place, isLoss, problem });
      if ('problem' in row) {
        note(true, regionProblem('regionFileUnreadable', { reason: row.problem }));
        continue;
      }
      const value = isObject(row.value) ? row.value : {};
      const { image_id: id, caption } = value;
      const image = imageOfId(id, head);
      if (image === undefined) {
        note(true, regionProblem('regionImageMissing', { found: describe(id) }));
      } else if (typeof caption !== 'string' || caption === '') {
        const parts = { key: 'caption', expected: 'a text', found: describe(caption) };
        note(true, regionProblem('regionRowWrong', parts));
      } else {
        if ('segmentation' in value || 'bbox' in value) {
          note(true, captionsProblem('captionsRegion', {}));
        }
        const text: RowText = { kind: 'description', text: caption };
        const others = captions.get(image);
        if (others) others.push(text);
        else captions.set(image, [text]);
      }
    }
    yield* head.notes;
    for (const image of head.images.values()) yield { ...image, texts: captions.get(image) ?? [] };
    yield* notes;
  }
}

async function captionFiles(files: DatasetFiles): Promise<string[]> {
  if (files.given !== null) return [files.given];
  const paths = (await files.list()).filter((path) => /\.json$/i.test(path));
  const named = paths.filter((path) => /captions/i.test(nameOf(path)));
  if (named.length > 0) return named;
  const found: string[] = [];
  for (const path of paths.slice(0, looked)) {
    if ((await likenessOf(files, path)) !== 'none') found.push(path);
  }
  return found;
}

/** How many files without a telling name are looked into. */
const looked = 10;

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await captionFiles(files)).slice(0, 3);
  const likenesses = await Promise.all(paths.map((path) => likenessOf(files, path)));
  if (likenesses.includes('certain')) return 'certain';
  return likenesses.includes('possible') ? 'possible' : 'none';
}

/**
 * Captions stand behind the images, which may be longer than what is looked at: then the file's
 * name tells.
 */
async function likenessOf(files: DatasetFiles, path: string): Promise<Likeness> {
  const text = new TextDecoder().decode(await files.start(path));
  if (!/^\s*\{/.test(text)) return 'none';
  if (/"(segmentation|bbox|segments_info)"/.test(text)) return 'none';
  if (/"caption"/.test(text) && text.includes('"image_id"')) return 'certain';
  return /captions/i.test(nameOf(path)) && text.includes('"images"') ? 'possible' : 'none';
}

/** Writes one file; Datumaro wants it to be named `captions_<subset>.json`. */
async function writeCaptions(
  source: DatasetSource,
  _options: object,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  await output.stream('captions.json', pieces(source, note));
}

function* pieces(
  source: DatasetSource,
  note: (note: WrittenNote) => void,
): Generator<string, void> {
  yield cocoStart(source);
  yield* jsonListPieces('"images":[', imageRows(source), '],\n"categories":[],\n');
  yield* jsonListPieces('"annotations":[', captionRows(source, note), ']}\n');
}

function* imageRows(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) yield cocoImage(image);
}

function* captionRows(
  source: DatasetSource,
  note: (note: WrittenNote) => void,
): Generator<object, void> {
  let id = 1;
  for (const image of source.images()) {
    const { texts } = image;
    for (const annotation of image.annotations()) {
      note(annotationNote(image, annotation, true, captionsProblem('captionsRegionLeft', {})));
    }
    const count = texts.filter(({ kind }) => kind !== 'description').length;
    if (count > 0) note(imageNote(image, false, captionsProblem('captionsTextsLeft', { count })));
    for (const text of texts) {
      if (text.kind !== 'description') continue;
      yield { id: id++, image_id: image.exportId, caption: text.text };
    }
  }
}
