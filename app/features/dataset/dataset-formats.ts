import { fileNameOf } from '../../../core/formats/file-name.ts';
import type { DatasetFormat } from '../../../core/formats/format.ts';
import { describeOptions } from '../../../core/formats/options.ts';
import { canExport, canImport, detectFormat, formats } from '../../../core/formats/registry.ts';
import type { DetectedDataset, FormatDescription } from '../../api/contract/dataset.ts';
import { openDataset } from '../../files/dataset-on-disk.ts';
import { ZipDataset } from '../../files/zip-dataset.ts';
import { projectIn } from '../handout/handout-package.ts';
import { countPhotos } from '../images/photos-at.ts';

/** Every format as dialogs and the command line show it. */
export function describeFormats(): FormatDescription[] {
  return formats.map(describeFormat);
}

function describeFormat(format: DatasetFormat): FormatDescription {
  const { id, title, cannotHold, chinese, readOptions, writeOptions, writer, exporter } = format;
  const { provenAgainst = [] } = format;
  const output = exporter?.output ?? writer?.output;
  return {
    id,
    title,
    provenAgainst,
    cannotHold: { english: cannotHold, chinese: chinese?.cannotHold ?? cannotHold },
    read: canImport(format) ? describeOptions(readOptions) : null,
    write:
      output && canExport(format)
        ? { options: describeOptions(writeOptions), output, fileName: fileNameOf(format) }
        : null,
  };
}

/** The dataset at a path. @throws AppError as `openDataset`. */
export async function detectDataset(path: string): Promise<DetectedDataset> {
  const files = await openDataset(path);
  const found = await detectFormat(files);
  const isZip = files instanceof ZipDataset;
  return {
    isFolder: files.given === null && !isZip,
    photos: isZip ? await countPhotos(files) : 0,
    hasProject: isZip && (await projectIn(files)) !== null,
    formats: found.map(({ format, likeness }) => ({ id: format.id, likeness })),
  };
}
