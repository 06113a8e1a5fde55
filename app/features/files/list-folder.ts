import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';
import { projectExtension } from '../../../db/backup.ts';
import type { MethodOutput } from '../../api/contract.ts';
import { toFileError } from '../../files/file-error.ts';

type Listing = MethodOutput<'files.list'>;
type EntryKind = Listing['entries'][number]['kind'];

/**
 * File name endings that are taken for images; whether they truly are is seen when they are read.
 */
export const imageExtensions: ReadonlySet<string> = new Set([
  '.avif',
  '.gif',
  '.jfif',
  '.jpe',
  '.jpeg',
  '.jpg',
  '.png',
  '.svg',
  '.tif',
  '.tiff',
  '.webp',
]);

/** Endings of pictures that are named as not read instead of being passed over without a word. */
export const unreadImageExtensions: ReadonlySet<string> = new Set([
  ...['.arw', '.bmp', '.cr2', '.cr3', '.dcm', '.dng', '.exr', '.hdr', '.heic', '.heif', '.j2k'],
  ...['.jp2', '.jpx', '.jxl', '.nef', '.orf', '.pbm', '.pcx', '.pgm', '.pnm', '.ppm', '.psd'],
  ...['.raf', '.raw', '.rw2', '.tga'],
]);

/** Endings of files, besides JSON, that labels of datasets have. */
const datasetExtensions: ReadonlySet<string> = new Set([
  ...['.csv', '.data', '.jsonl', '.names', '.ndjson', '.tsv', '.xml', '.yaml', '.yml', '.zip'],
]);

/**
 * Lists what a person may choose in a folder of this machine: folders, images, projects and JSON
 * files. Null lists the home folder. Hidden entries are left out.
 */
export async function listFolder(folder: string | null): Promise<Listing> {
  const listed = resolve(folder ?? homedir());
  const found = await readdir(listed, { withFileTypes: true }).catch((thrown: unknown) => {
    throw toFileError(thrown, 'list', listed);
  });
  const entries = found
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const isFile = entry.isFile() || entry.isSymbolicLink();
      const kind = entry.isDirectory() ? 'folder' : isFile ? fileKind(entry.name) : null;
      return kind ? [{ name: entry.name, path: join(listed, entry.name), kind }] : [];
    })
    .sort((left, right) => compareEntries(left, right));
  const parent = dirname(listed);
  return { folder: listed, parent: parent === listed ? null : parent, entries };
}

function fileKind(name: string): EntryKind | null {
  const extension = extname(name).toLowerCase();
  if (extension === projectExtension) return 'project';
  if (extension === '.json') return 'json';
  if (datasetExtensions.has(extension)) return 'dataset';
  return imageExtensions.has(extension) ? 'image' : null;
}

const natural = new Intl.Collator('en', { numeric: true });

function compareEntries(left: Listing['entries'][number], right: Listing['entries'][number]) {
  const foldersFirst = Number(right.kind === 'folder') - Number(left.kind === 'folder');
  return foldersFirst || natural.compare(left.name, right.name);
}
