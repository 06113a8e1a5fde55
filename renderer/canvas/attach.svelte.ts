import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { tileName, type Tile } from '../../core/image-tiles.ts';
import type { RecordId } from '../../core/records.ts';
import type { Editor } from '../editor/editor.svelte.ts';
import { isPreparedAhead, isTiled } from '../editor/image-limits.ts';
import { CanvasView } from './canvas-view.ts';
import { fetchBitmap } from './fetch-bitmap.ts';
import { ImagePixels } from './image-pixels.ts';
import type { ImageLoad } from './image-picture.ts';
import { listenToPointer } from './input.ts';
import { listenToKeys } from './keyboard.ts';
import { TiledImage } from './tiled-image.ts';
import { WholeImage } from './whole-image.ts';

/** The SVG filter of the page through which the photo is drawn, where it is not shown as it is. */
export const imageFilterId = 'image-look';

/** Shows an editor's image and regions in an element and sends pointer input to its tools. */
export function canvas(
  editor: Editor,
  onLoad: (state: ImageLoad) => void,
): Attachment<HTMLDivElement> {
  return (element) => {
    const view = new CanvasView(element);
    const pixels = new ImagePixels(fetchBitmap);
    const stopPointer = listenToPointer(element, editor);
    const stopKeys = listenToKeys(element, editor);
    const observer = new ResizeObserver(() => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      view.resize(size);
      editor.view.resize(size);
    });
    observer.observe(element);

    const imageId = $derived(editor.document.image?.id ?? null);
    $effect(() => {
      if (!imageId) return view.openImage({ width: 0, height: 0 });
      return untrack(() => {
        view.openImage(editor.tools.imageSize);
        return isTiled(editor.tools.imageSize)
          ? showTiles(editor, imageId, view, onLoad)
          : showWhole(editor, imageId, view, pixels, onLoad);
      });
    });
    $effect(() => view.showCamera(editor.view.camera));
    $effect(() => {
      const { isPlain, gridPx, matrix, gamma } = editor.imageLook;
      // The filter reads its values anew whenever the photo is drawn.
      void [matrix, gamma];
      view.showImageLook(isPlain ? null : `url(#${imageFilterId})`, gridPx);
    });
    $effect(() => {
      view.showRegions({
        annotations: editor.tools.shownRegions,
        colorOf: (annotation) => editor.regions.look.colorOf(annotation),
        patternOf: (annotation) => editor.regions.look.patternOf(annotation),
        opacity: editor.regions.litIds ? 0 : editor.regions.look.chosen.fillOpacity,
      });
    });
    $effect(() => {
      view.showOverlay({
        annotations: editor.tools.shownRegions,
        colorOf: (annotation) => editor.regions.look.colorOf(annotation),
        skeletonOf: (annotation) => editor.tools.skeletonOf(annotation),
        selectedIds: editor.regions.selectedIds,
        hoveredId: editor.regions.hoveredId,
        litIds: editor.regions.litIds,
        prompts: editor.comparison.drawn,
        activeProposal: editor.proposals.active,
        proposalColors: editor.comparison.colors,
        nameOf: editor.regions.look.chosen.hasNameTags
          ? (annotation) => editor.document.categoryOf(annotation)?.name ?? ''
          : null,
      });
    });
    $effect(() => {
      view.showDrafts({
        drafts: editor.tools.drafts,
        reshapable: editor.tools.reshapable,
        colorOf: (annotation) => editor.regions.look.colorOf(annotation),
        skeletonOf: (annotation) => editor.tools.skeletonOf(annotation),
      });
    });

    return () => {
      stopPointer();
      stopKeys();
      observer.disconnect();
      pixels.dispose();
      view.destroy();
    };
  };
}

/**
 * Loads the image, and after it its neighbours; the returned function forgets it when another one
 * is wanted.
 */
function showWhole(
  editor: Editor,
  imageId: RecordId,
  view: CanvasView,
  pixels: ImagePixels,
  onLoad: (state: ImageLoad) => void,
): () => void {
  const urlOf = (id: RecordId) => editor.bridge.imageUrl(id, 'full');
  const { imageSize } = editor.tools;
  const neighbours = editor.opened.neighbours.filter(isPreparedAhead).map(({ id }) => urlOf(id));
  let isWanted = true;
  let image: WholeImage | null = null;
  onLoad('loading');
  pixels.show(urlOf(imageId), neighbours).then(
    (bitmap) => {
      if (!isWanted) return;
      image = new WholeImage(bitmap, imageSize);
      view.showImage(image);
      onLoad('shown');
    },
    () => isWanted && onLoad('unreadable'),
  );
  return () => {
    isWanted = false;
    image?.dispose();
  };
}

function showTiles(
  editor: Editor,
  imageId: RecordId,
  view: CanvasView,
  onLoad: (state: ImageLoad) => void,
): () => void {
  const source = {
    size: editor.tools.imageSize,
    urlOf: (tile: Tile) => editor.bridge.imageUrl(imageId, tileName(tile)),
    thumbnailUrl: editor.bridge.imageUrl(imageId, 'thumbnail'),
  };
  const image = new TiledImage(source, () => view.redrawImage(), onLoad);
  view.showImage(image);
  return () => image.dispose();
}
