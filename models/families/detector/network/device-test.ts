import type { DeviceTest } from '../../../onnx/self-test.ts';
import { madeUpPhoto } from '../../../image/made-up-photo.ts';
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
