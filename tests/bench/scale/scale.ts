import type { BenchRow } from '../statistics.ts';
import { benchCalls } from './calls.ts';
import { benchImportExport } from './import-export.ts';
import { scaleOf } from './make-project.ts';

/**
 * Everything that is measured at scale, in a project with this many annotations and a tenth as
 * many images.
 */
export async function benchScale(annotations: number): Promise<BenchRow[]> {
  const size = scaleOf(annotations);
  return [...(await benchCalls(size)), ...(await benchImportExport(size))];
}
