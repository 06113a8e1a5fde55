import type { DatasetRow } from '../../core/formats/dataset-row.ts';
import { detectFormat, formats, parseOptions } from '../../core/formats/registry.ts';
import { datasetFailure } from '../../core/formats/sentences.ts';
import { openDataset } from './dataset-on-disk.ts';

/**
 * The rows of a dataset in its recognised format, read with the format's own
 * defaults.
 * @throws AppError `dataset-invalid`, `not-found`, `permission-denied`; `unsupported` for a format
 * that gives no rows.
 */
export async function* readDataset(path: string): AsyncGenerator<DatasetRow> {
  const files = await openDataset(path);
  const [found] = await detectFormat(files);
  if (!found) {
    const titles = formats.map(({ title }) => title);
    throw datasetFailure('dataset-invalid', 'datasetFormatUnknown', { path, formats: titles });
  }
  const { format } = found;
  if (!format.reader) {
    throw datasetFailure('unsupported', 'datasetFormatNotRead', { title: format.title });
  }
  yield* format.reader.read(files, parseOptions(format, format.readOptions, {}));
}
