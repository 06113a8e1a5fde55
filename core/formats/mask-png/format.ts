import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { pngStart } from '../label-image.ts';
import { tablePaths } from './class-table.ts';
import { isMaskName } from './mask-files.ts';
import {
  maskReadOptions,
  maskWriteOptions,
  type MaskReadOptions,
  type MaskWriteOptions,
} from './options.ts';
import { readMasks } from './reader.ts';
import { expectedMask, expectedMaskName, writeMasks } from './writer.ts';

async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = await files.list();
  const hasTable = tablePaths(paths, null).length > 0;
  const pngs = paths.filter((path) => /\.png$/i.test(path));
  const named = pngs.filter(isMaskName);
  for (const path of (named.length > 0 ? named : hasTable ? pngs : []).slice(0, 5)) {
    const start = pngStart(await files.start(path));
    if (!start) continue;
    if (start.kind !== 'color') return hasTable && named.length > 0 ? 'certain' : 'possible';
    if (named.length > 0) return 'possible';
  }
  return 'none';
}

/** Folders of PNG masks with a table of classes. */
export const maskPngFormat: DatasetFormat<MaskReadOptions, MaskWriteOptions> = {
  id: 'mask-png',
  title: 'Mask PNG',
  cannotHold:
    'Converted to pixels: boxes, outlines. Left out: pixels under later regions, attributes, ' +
    'texts, crowd marks. Class masks do not separate regions of one category.',
  chinese: {
    cannotHold:
      '转换为像素：框、轮廓。不写出：被后画区域覆盖的像素、属性、文字、群体标记。类别掩码不区分同一类别的各个区域。',
  },
  // A table of classes may have any name.
  namesForFolder: /^(?!read.?me|licen[cs]e|notes|requirements).*\.(png|csv|txt|json)$/i,
  detect,
  readOptions: maskReadOptions,
  reader: { read: readMasks },
  writeOptions: maskWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeMasks,
    expected: expectedMask,
    expectedFileName: expectedMaskName,
    readOptions: ({ kind }) => maskReadOptions.parse({ kind }),
    minimumIou: 1,
  },
};
