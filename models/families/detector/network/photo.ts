import { interpolation } from '../../../answer/interpolation.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import type { Size } from '../../../image/resize-rule.ts';
import { tensorOf, type NumberType, type Tensor } from '../../../onnx/tensor.ts';
import type { DetectorConfig } from '../config.ts';
import type { Frame } from './frame.ts';

const channels = 3;

/** A photo as the graph takes it. */
export function photoTensor(
  image: RgbImage,
  frame: Frame,
  config: DetectorConfig['image'],
  type: NumberType,
): Tensor {
  const { input, scaled, left, top } = frame;
  const isPlanar = config.order === 'chw';
  const plane = input.width * input.height;
  const values = new Float32Array(channels * plane);
  const pixels = scaleBilinear(image, scaled);
  for (let channel = 0; channel < channels; channel++) {
    const [mean, deviation] = [config.mean[channel]!, config.deviation[channel]!];
    const step = isPlanar ? 1 : channels;
    const start = isPlanar ? channel * plane : channel;
    const empty = (config.fill - mean) / deviation;
    for (let index = 0; index < plane; index++) values[start + index * step] = empty;
    const source = config.colors === 'rgb' ? channel : channels - 1 - channel;
    for (let row = 0; row < scaled.height; row++) {
      let to = start + ((row + top) * input.width + left) * step;
      let from = row * scaled.width * channels + source;
      for (let column = 0; column < scaled.width; column++) {
        values[to] = (pixels[from]! - mean) / deviation;
        to += step;
        from += channels;
      }
    }
  }
  const sides = [input.height, input.width];
  return tensorOf(type, values, isPlanar ? [1, channels, ...sides] : [1, ...sides, channels]);
}

/**
 * Scales a photo between the two nearest pixels of each axis, without antialiasing, rounded to
 * whole numbers: as OpenCV's INTER_LINEAR, with which these networks are trained and run.
 */
function scaleBilinear({ pixels, width, height }: RgbImage, size: Size): Uint8Array {
  if (width === size.width && height === size.height) return pixels;
  const columns = interpolation(width, size.width);
  const rows = interpolation(height, size.height);
  const scaled = new Uint8Array(size.width * size.height * channels);
  let to = 0;
  for (let row = 0; row < size.height; row++) {
    const upper = rows.low[row]! * width * channels;
    const lower = rows.high[row]! * width * channels;
    const down = rows.weight[row]!;
    for (let column = 0; column < size.width; column++) {
      const low = columns.low[column]! * channels;
      const high = columns.high[column]! * channels;
      const right = columns.weight[column]!;
      for (let channel = 0; channel < channels; channel++) {
        const above = mix(pixels[upper + low + channel]!, pixels[upper + high + channel]!, right);
        const below = mix(pixels[lower + low + channel]!, pixels[lower + high + channel]!, right);
        scaled[to++] = mix(above, below, down) + 0.5;
      }
    }
  }
  return scaled;
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}
