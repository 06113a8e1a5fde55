import { resizeBilinearFloat } from '../../../image/resize-float.ts';
import { resizeBilinear } from '../../../image/resize.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import type { Size } from '../../../image/resize-rule.ts';
import { tensorOf, type NumberType, type Tensor } from '../../../onnx/tensor.ts';
import type { SamConfig } from '../config.ts';
import type { Frame } from './frame.ts';

const channels = 3;

/** A photo as the encoder takes it. */
export function photoTensor(
  image: RgbImage,
  frame: Frame,
  config: SamConfig['image'],
  type: NumberType,
): Tensor {
  const pixels = scaledPixels(image, frame.scaled, config.rounded);
  const { side, fit, padsItself } = config;
  const filled = fit === 'pad' && !padsItself ? { width: side, height: side } : frame.scaled;
  const { width, height } = filled;
  const values = normalize(pixels, frame.scaled, filled, config);
  const shape = config.order === 'chw' ? [1, channels, height, width] : [height, width, channels];
  return tensorOf(type, values, shape);
}

function scaledPixels(image: RgbImage, size: Size, rounded: boolean): ArrayLike<number> {
  if (!rounded) return resizeBilinearFloat(image, size);
  const part = { left: 0, top: 0, width: image.width, height: image.height };
  return resizeBilinear(image, part, size);
}

/** Pixels in rows, normalised, in the upper left of zeros of the size `filled`. */
function normalize(
  pixels: ArrayLike<number>,
  { width, height }: Size,
  filled: Size,
  { order, mean, deviation }: SamConfig['image'],
): Float32Array {
  const plane = filled.width * filled.height;
  const values = new Float32Array(channels * plane);
  for (let channel = 0; channel < channels; channel++) {
    const [shift, scale] = [mean[channel]!, 1 / deviation[channel]!];
    const step = order === 'chw' ? 1 : channels;
    const start = order === 'chw' ? channel * plane : channel;
    for (let row = 0; row < height; row++) {
      let to = start + row * filled.width * step;
      let from = row * width * channels + channel;
      for (let column = 0; column < width; column++) {
        values[to] = (pixels[from]! - shift) * scale;
        to += step;
        from += channels;
      }
    }
  }
  return values;
}
