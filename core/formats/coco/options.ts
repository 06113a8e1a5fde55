import { z } from 'zod';
import { optionWords } from '../options.ts';
import { cocoProfiles, holePolicies } from './profiles.ts';

/** Pixels; no image that can be opened is longer. */
const longestSide = 30_000;

/** How a COCO file is written. */
export const cocoWriteOptions = z.object({
  profile: z
    .enum(cocoProfiles)
    .default('evaluation')
    .meta(
      optionWords(
        {
          title: 'Profile',
          choices: {
            evaluation: {
              title: 'Evaluation',
              help: 'Compressed RLE. For pycocotools, COCOeval, detectron2 with its bitmask format, CVAT, FiftyOne.',
            },
            training: {
              title: 'Training',
              help: 'Polygons along pixel edges, holes bridged. For trainers that only read polygons, such as ultralytics.',
            },
            uncompressed: {
              title: 'Uncompressed',
              help: 'RLE as a plain list. For the DETR processor of Hugging Face, when a mask in several pieces must stay one object.',
            },
          },
        },
        {
          title: '用途',
          choices: {
            evaluation: {
              title: '评测',
              help: '压缩 RLE。适用于 pycocotools、COCOeval、使用 bitmask 格式的 detectron2、CVAT、FiftyOne。',
            },
            training: {
              title: '训练',
              help: '沿像素边缘的多边形，孔洞以桥相连。适用于 ultralytics 等只读多边形的训练程序。',
            },
            uncompressed: {
              title: '未压缩',
              help: '列表形式的 RLE。适用于 Hugging Face 的 DETR 处理器，当分成几块的掩码必须保持为一个对象时。',
            },
          },
        },
      ),
    ),
  holes: z
    .enum(holePolicies)
    .default('keyhole')
    .meta(
      optionWords(
        {
          title: 'Holes of a region',
          choices: {
            keyhole: 'One outline, joined by a bridge of no width',
            split: 'Cut into outlines without holes',
          },
        },
        {
          title: '区域中的孔洞',
          choices: { keyhole: '一条轮廓，以零宽的桥相连', split: '切成没有孔洞的轮廓' },
        },
        { onlyWith: { option: 'profile', value: 'training' } },
      ),
    ),
  tolerance: z
    .number()
    .min(0)
    .max(longestSide)
    .default(0)
    .meta(
      optionWords(
        {
          title: 'Outline tolerance in pixels',
          help: 'How far an outline may be off; 0 keeps masks exactly.',
        },
        { title: '轮廓容差（像素）', help: '轮廓可以偏离多少；0 表示掩码完全精确。' },
        { onlyWith: { option: 'profile', value: 'training' }, isAdvanced: true },
      ),
    ),
  keepIds: z
    .boolean()
    .default(false)
    .meta(
      optionWords(
        {
          title: 'Keep imported ids',
          help: 'Images, annotations and categories have the ids of the files that they came from, be they numbers or text, and "info" is that of the last one.',
        },
        {
          title: '保留导入的编号',
          help: '图像、标注和类别沿用来源文件中的编号（数字或文字），“info”取自最后导入的文件。',
        },
        { isAdvanced: true },
      ),
    ),
});
export type CocoWriteOptions = z.infer<typeof cocoWriteOptions>;
