import { z } from 'zod';
import { importFolder } from '../../features/images/image-import.ts';
import { photosAt, requirePhotosAt } from '../../features/images/photos-at.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/**
 * Registers the photos of a folder or of a zip archive, or one photo. Run again, it passes over
 * registered ones.
 */
export const importImages = defineJob({
  id: 'import-images',
  title: { en: 'Adding images', 'zh-CN': '添加图像' },
  input: z.object({
    /** A folder; or a zip archive, which is unpacked beside the project; or one photo. */
    folder: z.string().min(1),
    /** Only these files, as paths relative to the folder with `/` separators. */
    files: z.array(z.string().min(1)).optional(),
  }),
  result: resultOf('import'),
  needsProject: true,
  resumable: true,
  check: ({ folder }) => requirePhotosAt(folder),
  async run({ folder, files }, run) {
    try {
      await run.backupBeforeLargeStep();
      const project = run.project();
      const at = await photosAt(folder, project.file, run.signal);
      const wanted = files ? new Set(files) : at.files;
      const isWanted = wanted ? isAmong(wanted) : () => true;
      return { kind: 'import', ...(await importFolder(project, at.folder, run, isWanted)) };
    } finally {
      run.projectChanged();
    }
  },
});

/** Tells of a file whether it is one of the given, and of a folder whether it holds one. */
function isAmong(files: ReadonlySet<string>): (path: string) => boolean {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = file.indexOf('/'); at >= 0; at = file.indexOf('/', at + 1)) {
      folders.add(file.slice(0, at + 1));
    }
  }
  return (path) => (path.endsWith('/') ? folders.has(path) : files.has(path));
}
