import type { DatasetSource, SourceCategory, SourceImage } from './dataset-row.ts';
import { otherKeys } from './json-values.ts';
import { splitFolders } from './split-folders.ts';

/** Rows that all of COCO's files share. */

/** `info` and `licenses`, to begin a file with. */
export function cocoStart({ projectName, date }: DatasetSource): string {
  const year = new Date(date).getFullYear();
  const info = { description: projectName, version: '1.0', year, date_created: date };
  return `{"info":${JSON.stringify(info)},\n"licenses":[],\n`;
}

/** A row of `images`; `state` and `split` are ours. */
export function cocoImage({ exportId, fileName, image }: SourceImage): object {
  const { width, height, state, split, extra } = image;
  return {
    ...otherKeys(extra, ['id', 'file_name', 'width', 'height', 'state', 'split', 'texts']),
    id: exportId,
    file_name: fileName,
    width,
    height,
    state,
    ...(split && { split: splitFolders[split] }),
  };
}

/** A row of `categories`. */
export function cocoCategory({ exportId, category, parentName }: SourceCategory): object {
  return {
    ...otherKeys(category.extra, ['id', 'name', 'supercategory', 'color']),
    id: exportId,
    name: category.name,
    supercategory: parentName ?? '',
    color: category.color,
  };
}
