import { failuresOf } from '../../core/errors.ts';
import { sentenceSet } from '../../core/sentence-set.ts';

interface ImageSize {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

interface ImageMemory extends ImageSize {
  readonly neededBytes: number;
  readonly availableBytes: number;
}

/** Failures to open an image file. */
export const imageSentences = sentenceSet(
  {
    imageFileMissing: ({ path }: { path: string }) =>
      `The image file ${path} does not exist. Check whether it was moved or renamed.`,
    imageFileRefused: ({ path }: { path: string }) =>
      `Permission to read the image file ${path} is missing. Add read permission and try again.`,
    imageUnreadable: ({ path, reason }: { path: string; reason: string }) =>
      `${path} cannot be read as an image: ${reason}. Expected a whole JPEG, PNG, WebP, TIFF, GIF, AVIF or plain SVG file; ` +
      'open it in an image viewer and save it again.',
    imageTooLarge: ({ path, width, height, maximumSide }: ImageSize & { maximumSide: number }) =>
      `${path} has ${width} x ${height} pixels; the maximum side is ${maximumSide} pixels. Cut it into tiles first.`,
    imageTooManyPixels: ({
      path,
      width,
      height,
      maximumPixels,
    }: ImageSize & { maximumPixels: number }) =>
      `${path} has ${width} x ${height} pixels; the maximum is ${inMegapixels(maximumPixels)} megapixels. Cut it into tiles first.`,
    imageTooLargeForModel: ({
      path,
      width,
      height,
      maximumPixels,
    }: ImageSize & { maximumPixels: number }) =>
      `${path} has ${width} x ${height} pixels; a model accepts at most ${inMegapixels(maximumPixels)} megapixels. Label it by ` +
      'hand, or cut it into tiles first.',
    imageTooManyHeldPixels: ({
      path,
      width,
      height,
      maximumPixels,
      maximumInRows,
    }: ImageSize & { maximumPixels: number; maximumInRows: number }) =>
      `${path} has ${width} x ${height} pixels, and its file type is decoded as a whole (interlaced PNG, progressive JPEG, ` +
      `WebP, GIF, HEIF or AVIF); the maximum for such files is ${inMegapixels(maximumPixels)} megapixels. Save it as baseline ` +
      `JPEG or as PNG without interlacing (up to ${inMegapixels(maximumInRows)} megapixels), or cut it into tiles.`,
    imageHeldWhole: ({
      path,
      width,
      height,
      neededBytes,
      maximumBytes,
    }: ImageSize & { neededBytes: number; maximumBytes: number }) =>
      `${path} has ${width} x ${height} pixels, and its encoding must be held in memory as a whole (interlaced, progressive, ` +
      `rotated or compressed in one piece). This needs about ${megabytes(neededBytes)} MB; the limit is ` +
      `${megabytes(maximumBytes)} MB. Save it upright as JPEG or PNG without interlacing, or cut it into tiles.`,
    imageNeedsMemory: ({ path, width, height, neededBytes, availableBytes }: ImageMemory) =>
      `${path} has ${width} x ${height} pixels and needs about ${megabytes(neededBytes)} MB of memory, but only ` +
      `${megabytes(availableBytes)} MB are free. Close other programs, or cut the image into tiles.`,
  },
  {
    imageFileMissing: ({ path }) => `图像文件 ${path} 不存在。请检查它是否被移动或改名。`,
    imageFileRefused: ({ path }) => `没有读取图像文件 ${path} 的权限。请添加读取权限后重试。`,
    imageUnreadable: ({ path, reason }) =>
      `${path} 无法作为图像读取。需要完整的 JPEG、PNG、WebP、TIFF、GIF、AVIF 或简单的 SVG 文件；请在看图程序中打开并重新保存。\n英文详情：${reason}`,
    imageTooLarge: ({ path, width, height, maximumSide }) =>
      `${path} 有 ${width} x ${height} 像素；最多能打开边长 ${maximumSide} 像素的图像。请先把它切成小块。`,
    imageTooManyPixels: ({ path, width, height, maximumPixels }) =>
      `${path} 有 ${width} × ${height} 像素；最多能打开 ${inMegapixels(maximumPixels)} 百万像素。请先把它切成小块。`,
    imageTooLargeForModel: ({ path, width, height, maximumPixels }) =>
      `${path} 有 ${width} × ${height} 像素；模型最多接受 ${inMegapixels(maximumPixels)} 百万像素。请手工标注，或先把它切成小块。`,
    imageTooManyHeldPixels: ({ path, width, height, maximumPixels, maximumInRows }) =>
      `${path} 有 ${width} × ${height} 像素，且这种文件必须整幅解码（隔行 PNG、渐进 JPEG、WebP、GIF、HEIF 或 AVIF）；这种文件最多能打开 ${inMegapixels(maximumPixels)} 百万像素。请另存为非渐进的 JPEG 或不隔行的 PNG（最多 ${inMegapixels(maximumInRows)} 百万像素），或切成小块。`,
    imageHeldWhole: ({ path, width, height, neededBytes, maximumBytes }) =>
      `${path} 有 ${width} × ${height} 像素，且其编码要求整幅保存在内存中（隔行、渐进、带旋转或整体压缩），约需 ${megabytes(neededBytes)} MB；最多使用 ${megabytes(maximumBytes)} MB。请摆正后另存为不隔行的 JPEG 或 PNG，或切成小块。`,
    imageNeedsMemory: ({ path, width, height, neededBytes, availableBytes }) =>
      `${path} 有 ${width} x ${height} 像素，打开约需 ${megabytes(neededBytes)} MB，但只有 ${megabytes(availableBytes)} MB 内存可用。请关闭其他程序，或把图像切成小块。`,
  },
);

export const imageFailure = failuresOf(imageSentences);

/** Megabytes, rounded up. */
function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function inMegapixels(pixels: number): number {
  return Math.round(pixels / 1e6);
}
