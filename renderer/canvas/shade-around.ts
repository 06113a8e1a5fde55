import type { Annotation, RecordId } from '../../core/records.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { annotationShape } from './region-shapes.ts';
import { deviceScale, type Screen } from './screen.ts';
import { boxInView } from './tile-grid.ts';

/** The darkened area around regions; none if `litIds` is null or no such region is visible. */
export interface Shade {
  readonly annotations: readonly Annotation[];
  readonly litIds: readonly RecordId[] | null;
}

const shadeColor = 'rgb(0 0 0 / 62%)';

let layer: OffscreenCanvas | null = null;

/**
 * Darkens an image but for some of its regions. The shade is painted on a layer of its own, out of
 * which each region is cut, so that regions may overlap and be masks.
 * @param screen its context draws in image coordinates
 */
export function shadeAround(screen: Screen, image: Size, { annotations, litIds }: Shade): void {
  if (litIds === null) return;
  const lit = annotations.filter(({ id }) => litIds.includes(id));
  if (lit.length === 0) return;
  const { context, camera, viewport } = screen;
  const { width, height } = context.canvas;
  if (width === 0 || height === 0) return;
  if (layer?.width !== width || layer.height !== height) layer = new OffscreenCanvas(width, height);
  // The two contexts differ in what a page alone has, which no region is drawn with.
  const shade = layer.getContext('2d') as unknown as CanvasRenderingContext2D;
  shade.resetTransform();
  shade.clearRect(0, 0, width, height);
  shade.setTransform(context.getTransform());
  shade.fillStyle = shadeColor;
  shade.fillRect(0, 0, image.width, image.height);
  shade.globalCompositeOperation = 'destination-out';
  const sight = { screenPixel: 1 / camera.scale, view: boxInView(camera, viewport) };
  for (const annotation of lit) {
    annotationShape(annotation).fill(shade, '#000000', deviceScale(screen), sight);
  }
  shade.globalCompositeOperation = 'source-over';
  context.save();
  context.resetTransform();
  context.drawImage(layer, 0, 0);
  context.restore();
}
