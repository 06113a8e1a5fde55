import { dirname, join, resolve } from 'node:path';
import { projectExtension } from '../../../db/backup.ts';
import { unpack } from '../../files/unpack.ts';
import { isZip, ZipDataset } from '../../files/zip-dataset.ts';
import { handoutFailure } from './sentences.ts';

/**
 * The project file at a path. A handout that is one zip archive is unpacked beside itself. A
 * project that was unpacked before is kept, because it may hold new work.
 * @throws AppError `dataset-invalid` for an archive that cannot be read, `invalid-input` for one
 *   without a project, `disk-full`, `permission-denied`
 */
export async function projectFileAt(path: string): Promise<string> {
  const file = resolve(path);
  if (!isZip(file)) return file;
  const zip = await ZipDataset.open(file);
  const project = await projectIn(zip);
  if (project === null) throw handoutFailure('invalid-input', 'handoutZipWithout', { file });
  const { signal } = new AbortController();
  const isKept = (name: string): boolean => name === project;
  const folder = await unpack(zip, dirname(file), await zip.list(), signal, isKept);
  return join(folder, ...project.split('/'));
}

/** The only project in an archive; null where there is none, or several. */
export async function projectIn(zip: ZipDataset): Promise<string | null> {
  const projects = (await zip.list()).filter((name) => name.endsWith(projectExtension));
  return projects.length === 1 ? projects[0]! : null;
}
