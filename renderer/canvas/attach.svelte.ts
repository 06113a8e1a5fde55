import { untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import type { Editor } from '../editor/editor.svelte.ts';
import { CanvasView } from './canvas-view.ts';
import { listenToPointer } from './input.ts';

export type ImageLoad = 'loading' | 'shown' | 'unreadable';

/** Shows an editor's image and regions in an element and sends pointer input to its tools. */
export function canvas(
  editor: Editor,
  onLoad: (state: ImageLoad) => void,
): Attachment<HTMLDivElement> {
  return (element) => {
    const view = new CanvasView(element);
    const stopListening = listenToPointer(element, editor);
    const observer = new ResizeObserver(() => {
      const size = { width: element.clientWidth, height: element.clientHeight };
      view.resize(size);
      editor.view.resize(size);
    });
    observer.observe(element);

    const imageId = $derived(editor.document.image?.id ?? null);
    $effect(() => {
      if (!imageId) return view.showImage(null, { width: 0, height: 0 });
      const size = untrack(() => ({ ...editor.imageSize }));
      return loadImage(editor.bridge.imageUrl(imageId, 'full'), (state, image) => {
        onLoad(state);
        view.showImage(image, size);
      });
    });
    $effect(() => view.showCamera(editor.view.camera));
    $effect(() => {
      view.showRegions({
        annotations: editor.regions.visible,
        colorOf: (annotation) => editor.regions.look.colorOf(annotation),
        opacity: editor.regions.look.opacity,
      });
    });
    $effect(() => {
      view.showOverlay({
        annotations: editor.regions.visible,
        colorOf: (annotation) => editor.regions.look.colorOf(annotation),
        selectedIds: editor.regions.selectedIds,
        hoveredId: editor.regions.hoveredId,
        prompts: imageId ? editor.prompts.of(imageId) : [],
        activeProposal: editor.activeProposal,
      });
    });
    $effect(() => view.showDraft(editor.draft));

    return () => {
      stopListening();
      observer.disconnect();
      view.destroy();
    };
  };
}

/** Loads pixels; the returned function forgets them when another image is wanted meanwhile. */
function loadImage(
  url: string,
  show: (state: ImageLoad, image: HTMLImageElement | null) => void,
): () => void {
  const image = new Image();
  let isWanted = true;
  show('loading', null);
  image.src = url;
  image.decode().then(
    () => isWanted && show('shown', image),
    () => isWanted && show('unreadable', null),
  );
  return () => {
    isWanted = false;
  };
}
