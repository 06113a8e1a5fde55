import type { DeviceTest } from '../../../onnx/device.ts';
import type { RgbImage } from '../../../image/rgb-image.ts';
import { floatsOf } from '../../../onnx/tensor.ts';
import type { DetectorManifest, GraphRole } from '../manifest.ts';
import { frameOf } from './frame.ts';
import { feedsOf } from './network.ts';

/** A made-up photo that is looked at. */
export function deviceTest(manifest: DetectorManifest): DeviceTest<GraphRole> {
  const { image } = manifest.config;
  const photo = madeUpPhoto(image);
  const inputs = feedsOf(photo, frameOf(photo, image), manifest);
  return {
    async run(sessions) {
      const outputs = await sessions.detector.run(inputs);
      // Lists of objects, and labels, are other ones where a score differs by a rounding.
      const isFixed = manifest.config.output.kind === 'places';
      const compared = isFixed ? Object.values(outputs) : [];
      return Promise.all(compared.map(floatsOf));
    },
    probe: { role: 'detector', inputs },
  };
}

function madeUpPhoto({ width, height }: { width: number; height: number }): RgbImage {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => 128 + 100 * Math.sin(i));
  return { key: 'self-test', width, height, pixels };
}
