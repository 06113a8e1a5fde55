import { madeUpPhoto } from '../../../image/made-up-photo.ts';
import type { DeviceTest } from '../../../onnx/self-test.ts';
import { floatsOf, type NumberType } from '../../../onnx/tensor.ts';
import type { GraphRole, SamManifest } from '../manifest.ts';
import { frameOf } from './frame.ts';
import { SamNetwork } from './network.ts';
import { photoTensor } from './photo.ts';

/** A made-up photo that is encoded, and a click in its middle; the encoder shows who multiplied. */
export function deviceTest(manifest: SamManifest): DeviceTest<GraphRole> {
  const { image: config } = manifest.config;
  const image = madeUpPhoto({ width: config.side, height: config.side });
  const type = manifest.graphs.encoder.inputs[config.input]!.dtype as NumberType;
  return {
    async run(sessions) {
      const network = new SamNetwork(manifest, sessions);
      const photo = await network.encode(image);
      const middle = [image.width / 2, image.height / 2] as [number, number];
      const points = [{ at: middle, positive: true }];
      const masks = await network.decode(photo, { points, box: null, previous: null });
      const features = await Promise.all(Object.values(photo.features).map(floatsOf));
      return [
        ...features,
        Float32Array.from(masks, ({ score }) => score),
        ...masks.map(({ map }) => map.logits),
      ];
    },
    probe: {
      role: 'encoder',
      inputs: { [config.input]: photoTensor(image, frameOf(image, config), config, type) },
    },
  };
}
