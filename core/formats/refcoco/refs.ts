import { AppError } from '../../errors.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import { folderOf, nameOf, stemOf } from '../file-paths.ts';
import { readJsonList } from '../json-list.ts';
import { isObject, type JsonObject } from '../json-values.ts';
import { regionProblem } from '../region-sentences.ts';
import { readPickle } from './pickle-read.ts';
import type { PickleValue } from './pickle-value.ts';
import { refcocoProblem } from './sentences.ts';

/** A file of refs, and the annotation file that it needs. */
export interface RefsFile {
  readonly path: string;
  /** The name in its brackets: the author of the split. */
  readonly splitBy: string;
  readonly instances: string;
}

const refsName = /^g?refs\((.*)\)\.(p|pkl|pickle|json)$/i;

/** Whether a file is one of refs by its name. */
export function isRefsFile(path: string): boolean {
  return refsName.test(nameOf(path));
}

/**
 * The files of refs, no two of one folder and split: a pickle goes before its JSON twin, as with
 * the real readers.
 */
export async function refsFiles(files: DatasetFiles): Promise<readonly RefsFile[]> {
  const paths = await files.list();
  const isGiven = files.given !== null && isRefsFile(files.given);
  const found = (isGiven ? [files.given] : paths).filter(isRefsFile);
  const pickles = new Set(found.filter((path) => !/\.json$/i.test(path)).map(stemOf));
  const own = found.filter((path) => !/\.json$/i.test(path) || !pickles.has(stemOf(path)));
  return own.map((path) => {
    const folder = folderOf(path);
    const instances = folder === '' ? 'instances.json' : `${folder}/instances.json`;
    return { path, splitBy: refsName.exec(nameOf(path))![1]!, instances };
  });
}

/** One object that is referred to, with what it is called. */
export interface Ref {
  readonly place: string;
  readonly image: string;
  /** Ids of annotations; none where nothing in the image is meant. */
  readonly targets: readonly string[];
  readonly split: string | null;
  readonly sentences: readonly string[];
}

/** The problem of an unusable ref. */
export interface BrokenRef {
  readonly place: string;
  readonly problem: AppError;
}

/**
 * The refs of a file.
 * @throws AppError `dataset-invalid` where it is no list of refs at all
 */
export async function* readRefs(
  files: DatasetFiles,
  path: string,
  wording: 'raw' | 'sent',
): AsyncGenerator<Ref | BrokenRef> {
  for await (const { index, value } of refValues(files, path)) {
    const place = `${path}[${index}]`;
    try {
      yield readRef(place, value, wording);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      yield { place, problem: thrown };
    }
  }
}

async function* refValues(
  files: DatasetFiles,
  path: string,
): AsyncGenerator<{ readonly index: number; readonly value: unknown }> {
  if (/\.json$/i.test(path)) {
    for await (const row of readJsonList(files.chunks(path), { numbers: 'python' })) {
      const reason = 'problem' in row ? row.problem : null;
      if (row.index === null && reason === null && !('value' in row && isEmpty(row.value))) {
        throw unreadable('its top is not a list');
      }
      if (row.index === null) continue;
      yield { index: row.index, value: 'value' in row ? row.value : undefined };
    }
    return;
  }
  const refs = readWhole(await wholeFile(files, path));
  for (const [index, value] of refs.entries()) yield { index, value };
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function readWhole(bytes: Uint8Array): readonly PickleValue[] {
  let refs: PickleValue;
  try {
    refs = readPickle(bytes);
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw unreadable(thrown.message);
  }
  if (Array.isArray(refs)) return refs;
  throw unreadable(refcocoProblem('refcocoNoList', { found: shown(refs) }).message);
}

function unreadable(reason: string): AppError {
  return refcocoProblem('refcocoRefsUnreadable', { reason }, 'dataset-invalid');
}

async function wholeFile(files: DatasetFiles, path: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of files.byteChunks(path)) pieces.push(piece);
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** @throws AppError `invalid-input` whose message is a clause. */
function readRef(place: string, value: unknown, wording: 'raw' | 'sent'): Ref {
  const ref = flat(value);
  const image = idOf(ref['image_id']);
  if (image === null) throw wrong('image_id', 'a number', ref['image_id']);
  const { ann_id: annotation, sentences, split } = ref;
  const listed: readonly unknown[] = Array.isArray(annotation) ? annotation : [annotation];
  const targets = listed.map((each) => idOf(each) ?? fail(wrong('ann_id', 'a number', each)));
  if (!Array.isArray(sentences)) throw wrong('sentences', 'a list', sentences);
  const said = sentences.map((sentence: unknown) => {
    const { raw, sent } = flat(sentence);
    const text = wording === 'sent' ? (sent ?? raw) : (raw ?? sent);
    return typeof text === 'string' ? text : fail(wrong('sentence', 'a text', text));
  });
  return {
    place,
    image,
    targets: targets.filter((id) => id !== '-1'),
    split: typeof split === 'string' && split !== '' ? split : null,
    sentences: said.filter((text) => text !== ''),
  };
}

/** An object of JSON, or a dictionary of a pickle, by its keys that are texts. */
function flat(value: unknown): JsonObject {
  if (isObject(value) && !(value instanceof Map)) return value;
  if (value instanceof Map) {
    const entries = [...(value as Map<unknown, unknown>)].filter(
      ([key]) => typeof key === 'string',
    );
    return Object.fromEntries(entries) as JsonObject;
  }
  throw wrong('value', 'a dictionary', value);
}

function idOf(value: unknown): string | null {
  const isId = ['string', 'bigint'].includes(typeof value) || Number.isInteger(value);
  return isId ? String(value) : null;
}

function wrong(key: string, expected: string, found: unknown): AppError {
  return regionProblem('regionRowWrong', { key, expected, found: shown(found) });
}

function fail(problem: AppError): never {
  throw problem;
}

/** A value that may be anything a pickle holds, also a list that holds itself. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value instanceof Map || isObject(value)) return 'a dictionary';
  if (Array.isArray(value)) return 'a list';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
