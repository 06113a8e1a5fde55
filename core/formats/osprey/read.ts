import { AppError } from '../../errors.ts';
import { readCocoRegion } from '../coco-region.ts';
import { questionOf, readExchanges } from '../conversation.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { AnnotationRow, DatasetRow, ImageRow, NoteRow, RowText } from '../dataset-row.ts';
import type { Likeness } from '../format.ts';
import { gatherRecords, recordFiles } from '../json-record-files.ts';
import { describe } from '../describe.ts';
import { isObject, listOf, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { doubt, loss } from '../row-notes.ts';
import { readTexts } from '../read-texts.ts';
import { wordProblem } from '../word-sentences.ts';
import { wholeSize } from '../scale.ts';

/** Whether the start of a file shows conversations about, or descriptions of, regions. */
export function ospreyLikeness(start: string): Likeness {
  const hasRegions = /"annotation"\s*:\s*\[/.test(start) && start.includes('"segmentation"');
  if (!hasRegions) return 'none';
  return /"(conversations|description)"\s*:/.test(start) ? 'certain' : 'possible';
}

/** Reads each record as its image followed by its regions; records of one image are one image. */
export async function* readOsprey(files: DatasetFiles): AsyncGenerator<DatasetRow> {
  const found = await recordFiles(files, ospreyLikeness);
  if (found.length === 0) {
    const parts = { name: files.name, title: 'Osprey', expected: '"annotation", "conversations"' };
    throw wordProblem('wordsNone', parts, 'dataset-invalid');
  }
  const images = new Map<string, { row: ImageRow; regions: Map<string, AnnotationRow> }>();
  const notes: NoteRow[] = [];
  for (const { path } of found) {
    await gatherRecords(files, path, notes, (place, value) => {
      const { row, regions, texts } = readRecord(place, value, (note) => notes.push(note));
      const image = images.get(row.key) ?? { row, regions: new Map<string, AnnotationRow>() };
      image.row = { ...image.row, texts: [...(image.row.texts ?? []), ...texts] };
      images.set(row.key, image);
      for (const [key, region] of regions) {
        const before = image.regions.get(key);
        const said = [...(before?.texts ?? []), ...(region.texts ?? [])];
        image.regions.set(key, { ...(before ?? region), texts: said });
      }
    });
  }
  for (const { row, regions } of images.values()) {
    yield row;
    yield* regions.values();
  }
  yield* notes;
}

interface ReadRecord {
  readonly row: ImageRow;
  readonly regions: readonly [key: string, row: AnnotationRow][];
  /** About the whole image. */
  readonly texts: readonly RowText[];
}

function readRecord(place: string, value: JsonObject, note: (row: NoteRow) => void): ReadRecord {
  const { file_name: fileName, width, height } = value;
  if (typeof fileName !== 'string' || fileName === '') {
    const parts = { key: 'file_name', expected: 'a text', found: describe(fileName) };
    throw regionProblem('regionRowWrong', parts);
  }
  const size = wholeSize(width, height);
  const row: ImageRow = { kind: 'image', place, key: fileName, fileName, size };
  const list = listOf(value['annotation']);
  const { ofRegions, ofImage } = readWords(place, value, list.length, note);
  const regions = list.flatMap((held, index): [string, AnnotationRow][] => {
    const where = `${place}.annotation[${index}]`;
    try {
      const own = isObject(held) ? held : {};
      const shape = readCocoRegion(own, size, (problem) => note(doubt(where, problem)));
      if (shape === null) {
        const parts = { key: 'segmentation', expected: 'a region', found: describe(held) };
        throw regionProblem('regionRowWrong', parts);
      }
      const key = JSON.stringify(own['annotation'] ?? shape);
      const texts = [...(ofRegions.get(index) ?? []), ...readTexts(own['texts']).texts];
      const region = { kind: 'annotation', place: where, image: row.key, category: null } as const;
      return [[key, { ...region, shape, texts }]];
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      note(loss(where, thrown));
      return [];
    }
  });
  return { row, regions, texts: ofImage };
}

const regionTag = /<region(\d+)>/g;

/** Texts of each region by its index, and of the image. */
function readWords(
  place: string,
  value: JsonObject,
  count: number,
  note: (row: NoteRow) => void,
): { ofRegions: ReadonlyMap<number, RowText[]>; ofImage: RowText[] } {
  const ofRegions = new Map<number, RowText[]>();
  const ofImage: RowText[] = [];
  const add = (region: number, text: RowText): void => {
    if (region < 1 || region > count) {
      note(loss(place, wordProblem('wordsRegionMissing', { region, count })));
      return;
    }
    ofRegions.set(region - 1, [...(ofRegions.get(region - 1) ?? []), text]);
  };
  for (const [index, text] of listOf(value['description']).entries()) {
    if (typeof text !== 'string') continue;
    const tagged = /^<region(\d+)>:? ?/.exec(text);
    const said = text.slice(tagged?.[0].length ?? 0);
    if (said !== '') add(Number(tagged?.[1] ?? index + 1), { kind: 'description', text: said });
  }
  const warn = (problem: AppError): void => note(loss(place, problem));
  for (const exchange of readExchanges(value['conversations'], warn)) {
    const { asked, answered } = exchange;
    const regions = new Set(
      [...`${asked}\n${answered}`.matchAll(regionTag)].map(([, id]) => Number(id)),
    );
    if (regions.size > 1) {
      warn(wordProblem('wordsSeveralRegions', { count: regions.size }));
      continue;
    }
    const [region] = regions;
    const own = asked.replace(/^<region\d+>: /, '').replaceAll(regionTag, '<region>');
    const text = questionOf({ asked: own, answered: answered.replaceAll(regionTag, '<region>') });
    if (region === undefined) ofImage.push(text);
    else add(region, text);
  }
  return { ofRegions, ofImage };
}
