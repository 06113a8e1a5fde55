import type { GraphImport } from '../../family.ts';
import { configOf, featuresOf, isDecoder, layouts } from './layouts.ts';
import type { SamManifest } from './manifest.ts';

/**
 * Bytes that an encoder works with for each pixel of its square: feature maps and attention,
 * measured on ViT-B and Hiera.
 */
const bytesPerPixel = 1200;

/** Knows an encoder and a decoder by what they take and give, in either order. */
export const samImport: GraphImport<SamManifest> = {
  kinds: layouts.map(({ id }) => id),
  recognize(graphs, { side }) {
    if (graphs.length !== 2) return null;
    for (const [decoder, encoder] of [graphs, graphs.toReversed()] as const) {
      const layout = layouts.find((known) => isDecoder(decoder!, known));
      const features = layout && featuresOf(encoder!, layout);
      if (!layout || !features) continue;
      const config = configOf(layout, encoder!, decoder!, features, side);
      return {
        graphs: { encoder: encoder!, decoder: decoder! },
        config,
        tasks: ['segment'],
        prompts: ['region', 'everything'],
        workingBytes: bytesPerPixel * config.image.side ** 2,
      };
    }
    return null;
  },
};
