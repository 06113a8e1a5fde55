import { z } from 'zod';
import { importFolder, requireFolder } from '../../features/images/image-import.ts';
import { defineJob } from '../job-kind.ts';
import { resultOf } from '../job-result.ts';

/** Registers the photos of a folder. Run again, it passes over what is registered already. */
export const importImages = defineJob({
  id: 'import-images',
  title: { en: 'Adding images', 'zh-CN': '添加图像' },
  input: z.object({
    folder: z.string().min(1),
    /** Only these files, as paths relative to the folder with `/` separators. */
    files: z.array(z.string().min(1)).optional(),
  }),
  result: resultOf('import'),
  needsProject: true,
  resumable: true,
  check: ({ folder }) => requireFolder(folder),
  async run({ folder, files }, run) {
    const wanted = files && new Set(files);
    try {
      await run.backupBeforeLargeStep();
      const isWanted = (path: string) => wanted?.has(path) ?? true;
      return { kind: 'import', ...(await importFolder(run.project(), folder, run, isWanted)) };
    } finally {
      run.projectChanged();
    }
  },
});
