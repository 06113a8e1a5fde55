import type { Box } from '../../core/geometry/shapes.ts';
import type { Tile } from '../../core/image-tiles.ts';
import type { Annotation, RecordId } from '../../core/records.ts';
import type { Size } from '../editor/tools/bounds.ts';
import type { PaintedShape, FillLook } from './painted-shape.ts';
import {
  overviewLevel,
  pixelsOfBox,
  tileKey,
  tilePixels,
  tilesInBox,
  unionOf,
} from './tile-grid.ts';

/** Paints somewhere else, for instance in a worker, in the order in which it is asked. */
export interface RegionPainter<Picture> {
  change(put: readonly PaintedShape[], gone: readonly RecordId[], opacity: number): void;
  /**
   * Paints a part of a tile.
   * @param box in pixels of the tile
   * @param before the tile as it was, of which the rest is kept; null for an empty one
   * @returns a new picture, or null when the tile is empty
   */
  paint(tile: Tile, size: Size, box: Box, before: Picture | null): Promise<Picture | null>;
  /** Gives the memory of a picture back. */
  forget(picture: Picture): void;
}

interface Entry<Picture> {
  readonly tile: Tile;
  readonly size: Size;
  /** Undefined until painted for the first time, null when nothing is in it. */
  picture: Picture | null | undefined;
  /** The part to repaint, in pixels of the tile. */
  stale: Box | null;
  isPainting: boolean;
}

/** Few, so that what was asked for is soon what is looked at. */
const paintedAtOnce = 2;
const keptTiles = 192;

/**
 * The committed regions as tiles, painted when they come into view. A change repaints only its own
 * box in the tiles that are seen; tiles that are not seen and touched by it are dropped.
 */
export class RegionTiles<Picture> {
  readonly #painter: RegionPainter<Picture>;
  readonly #onPainted: () => void;
  /** In order of use, oldest first. */
  readonly #entries = new Map<string, Entry<Picture>>();
  readonly #shapes = new Map<RecordId, PaintedShape>();
  /** The record each shape was made of. */
  readonly #records = new Map<RecordId, Annotation>();
  #opacity = 1;
  #image: Size = { width: 0, height: 0 };
  #inView: Entry<Picture>[] = [];
  #painting = 0;
  #isDisposed = false;

  constructor(painter: RegionPainter<Picture>, onPainted: () => void) {
    this.#painter = painter;
    this.#onPainted = onPainted;
  }

  /** Whether all that is in view shows what was last asked for. */
  get isSettled(): boolean {
    return this.#inView.every(({ stale, isPainting }) => !stale && !isPainting);
  }

  /** A tile's picture: null when nothing is in it, undefined while it was never painted. */
  picture(tile: Tile): Picture | null | undefined {
    return this.#entries.get(tileKey(tile))?.picture;
  }

  /**
   * Shows these regions from now on.
   * @returns the annotations that were not shown before as they are now
   */
  show({ annotations, colorOf, patternOf, opacity }: FillLook): Annotation[] {
    const put: PaintedShape[] = [];
    const added: Annotation[] = [];
    const changed: Box[] = [];
    const gone = new Set(this.#shapes.keys());
    for (const annotation of annotations) {
      gone.delete(annotation.id);
      const before = this.#shapes.get(annotation.id);
      const [color, pattern] = [colorOf(annotation), patternOf(annotation)];
      const isSameRecord = this.#records.get(annotation.id) === annotation;
      if (before && isSameRecord && before.color === color && before.pattern === pattern) continue;
      const { id, bbox, geometry, zOrder } = annotation;
      const shape = { id, bbox, geometry, zOrder, color, pattern };
      this.#shapes.set(id, shape);
      this.#records.set(id, annotation);
      if (before && looksAlike(before, shape)) continue;
      put.push(shape);
      added.push(annotation);
      changed.push(bbox);
      if (before) changed.push(before.bbox);
    }
    for (const id of gone) {
      changed.push(this.#shapes.get(id)!.bbox);
      this.#shapes.delete(id);
      this.#records.delete(id);
    }
    const isOpacityNew = opacity !== this.#opacity;
    this.#opacity = opacity;
    if (put.length + gone.size > 0 || isOpacityNew) {
      this.#painter.change(put, [...gone], opacity);
      if (isOpacityNew) this.#outdate([[0, 0, this.#image.width, this.#image.height]]);
      else this.#outdate(changed);
      this.#paintNext();
    }
    return added;
  }

  /** Another image: nothing that was painted holds. */
  reset(image: Size): void {
    for (const key of this.#entries.keys()) this.#drop(key);
    this.#image = image;
    this.#inView = [];
  }

  /**
   * Looks at a part of the image (in its pixels) at a level, and has painted what is missing
   * there.
   */
  look(box: Box, level: number): readonly Tile[] {
    const tiles = tilesInBox(box, level, this.#image);
    const overview = { level: overviewLevel(this.#image), column: 0, row: 0 };
    const wanted = this.#image.width > 0 ? [...tiles, overview] : [];
    this.#inView = wanted.map((tile) => this.#use(tile));
    this.#evict();
    this.#paintNext();
    return tiles;
  }

  dispose(): void {
    this.reset({ width: 0, height: 0 });
    this.#isDisposed = true;
  }

  #use(tile: Tile): Entry<Picture> {
    const key = tileKey(tile);
    const size = tilePixels(tile, this.#image);
    const entry = this.#entries.get(key) ?? {
      tile,
      size,
      picture: undefined,
      stale: [0, 0, size.width, size.height],
      isPainting: false,
    };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #outdate(boxes: readonly Box[]): void {
    if (boxes.length === 0) return;
    const inView = new Set(this.#inView);
    for (const [key, entry] of this.#entries) {
      for (const box of boxes) {
        const pixels = pixelsOfBox(entry.tile, box, this.#image);
        if (pixels) entry.stale = entry.stale ? unionOf(entry.stale, pixels) : pixels;
      }
      if (entry.stale && !inView.has(entry)) this.#drop(key);
    }
  }

  #evict(): void {
    const inView = new Set(this.#inView);
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= Math.max(keptTiles, inView.size)) return;
      if (!inView.has(entry)) this.#drop(key);
    }
  }

  #drop(key: string): void {
    const entry = this.#entries.get(key);
    // A picture that is being painted over is still needed; it goes when that is done.
    if (entry?.picture && !entry.isPainting) this.#painter.forget(entry.picture);
    this.#entries.delete(key);
  }

  #paintNext(): void {
    while (this.#painting < paintedAtOnce && !this.#isDisposed) {
      const entry = this.#inView.find(({ stale, isPainting }) => stale && !isPainting);
      if (!entry) return;
      void this.#paint(entry);
    }
  }

  async #paint(entry: Entry<Picture>): Promise<void> {
    const { tile, size, stale, picture: before = null } = entry;
    entry.stale = null;
    entry.isPainting = true;
    this.#painting += 1;
    const picture = await this.#painter.paint(tile, size, stale!, before);
    this.#painting -= 1;
    entry.isPainting = false;
    if (before) this.#painter.forget(before);
    if (this.#entries.get(tileKey(tile)) !== entry) {
      if (picture) this.#painter.forget(picture);
    } else {
      entry.picture = picture;
      this.#onPainted();
    }
    this.#paintNext();
  }
}

/** Texts and attributes are not seen. */
function looksAlike(a: PaintedShape, b: PaintedShape): boolean {
  return (
    a.geometry === b.geometry &&
    a.zOrder === b.zOrder &&
    a.color === b.color &&
    a.pattern === b.pattern
  );
}
