import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import {
  refcocoReadOptions,
  refcocoWriteOptions,
  type RefcocoReadOptions,
  type RefcocoWriteOptions,
} from './options.ts';
import { readRefcoco } from './read.ts';
import { isRefsFile, refsFiles } from './refs.ts';
import { refcocoShape, writeRefcoco } from './write.ts';

/** RefCOCO, RefCOCO+, RefCOCOg and gRefCOCO: expressions, and the regions that they refer to. */
export const refcoco: DatasetFormat<RefcocoReadOptions, RefcocoWriteOptions> = {
  id: 'refcoco',
  title: 'RefCOCO',
  provenAgainst: ['Python pickle'],
  cannotHold:
    'Converted to outlines: masks, holes. Left out: regions without a category, texts about ' +
    'whole images except gRefCOCO expressions without a target.',
  chinese: {
    cannotHold:
      '转换为轮廓：掩码、孔洞。不写出：没有类别的区域、关于整个图像的文字（gRefCOCO 中没有目标的表达式除外）。',
  },
  detect,
  readOptions: refcocoReadOptions,
  reader: { read: readRefcoco },
  writeOptions: refcocoWriteOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeRefcoco,
    readOptions: () => refcocoReadOptions.parse({}),
    expected: refcocoShape,
    minimumIou: 1,
    takesItems: true,
  },
};

/** The name tells: no other dataset has files that are called so. */
async function detect(files: DatasetFiles): Promise<Likeness> {
  if (files.given !== null && !isRefsFile(files.given)) return 'none';
  const found = await refsFiles(files);
  if (found.length === 0) return 'none';
  const paths = new Set(await files.list());
  return found.some(({ instances }) => paths.has(instances)) ? 'certain' : 'possible';
}
