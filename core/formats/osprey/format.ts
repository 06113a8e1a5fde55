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
    'Categories, splits, attributes, referring expressions, words about whole images, and regions that nothing is said of are left out.',
  chinese: {
    cannotHold: '类别、划分、属性、指代表达式、关于整个图像的文字，以及没有文字的区域不写出。',
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
