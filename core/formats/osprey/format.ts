import { z } from 'zod';
import type { DatasetFormat } from '../format.ts';
import { recordsLikeness } from '../json-record-files.ts';
import { photosOptions, type PhotosOptions } from '../photos-option.ts';
import { ospreyLikeness, readOsprey } from './read.ts';
import { ospreyShape, writeOsprey } from './write.ts';

/** Osprey-724K: descriptions of regions, and conversations about them. */
export const osprey: DatasetFormat<object, PhotosOptions> = {
  id: 'osprey',
  title: 'Osprey',
  cannotHold:
    'Left out: categories, splits, attributes, referring expressions, texts about whole ' +
    'images, regions without texts.',
  chinese: {
    cannotHold: '不写出：类别、划分、属性、指代表达式、关于整个图像的文字、没有文字的区域。',
  },
  detect: (files) => recordsLikeness(files, ospreyLikeness),
  readOptions: z.object({}),
  reader: { read: readOsprey },
  writeOptions: photosOptions,
  writer: {
    output: { kind: 'folder' },
    write: writeOsprey,
    expected: ospreyShape,
    expectedCategory: () => null,
    minimumIou: 1,
  },
};
