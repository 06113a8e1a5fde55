import type { Tile } from '../../core/image-tiles.ts';
import type { Size } from '../editor/tools/bounds.ts';
import { drawTiles } from './draw-tiles.ts';
import { fetchBitmap } from './fetch-bitmap.ts';
import type { ImageLoad, ImagePicture } from './image-picture.ts';
import { deviceScale, placeOf, setSmoothing, type Screen } from './screen.ts';
import { boxInView, levelFor, overviewLevel, tileKey, tilesInBox } from './tile-grid.ts';

interface TileSource {
  readonly size: Size;
  urlOf(tile: Tile): string;
  readonly thumbnailUrl: string;
}

const loadedAtOnce = 4;
/** 1 MiB each. */
const keptTiles = 192;

/** An image whose tiles are loaded when they come into view, over a blurred thumbnail. */
export class TiledImage implements ImagePicture {
  readonly #source: TileSource;
  readonly #onChange: () => void;
  readonly #onLoad: (state: ImageLoad) => void;
  readonly #stop = new AbortController();
  /** In order of use, oldest first. */
  readonly #bitmaps = new Map<string, ImageBitmap>();
  readonly #loading = new Map<string, AbortController>();
  #thumbnail: ImageBitmap | null = null;
  #wanted: readonly Tile[] = [];

  constructor(source: TileSource, onChange: () => void, onLoad: (state: ImageLoad) => void) {
    this.#source = source;
    this.#onChange = onChange;
    this.#onLoad = onLoad;
    onLoad('preparing');
    void this.#loadThumbnail();
  }

  draw(screen: Screen): void {
    const { size } = this.#source;
    const top = overviewLevel(size);
    const level = Math.min(Math.max(levelFor(deviceScale(screen)), 0), top);
    const tiles = tilesInBox(boxInView(screen.camera, screen.viewport), level, size);
    this.#want([...tiles, { level: top, column: 0, row: 0 }]);

    setSmoothing(screen);
    if (this.#thumbnail) {
      const place = placeOf([0, 0, size.width, size.height], screen);
      screen.context.drawImage(this.#thumbnail, ...place);
    }
    drawTiles(screen, size, tiles, (tile) => this.#bitmaps.get(tileKey(tile)));
  }

  dispose(): void {
    this.#stop.abort();
    for (const loading of this.#loading.values()) loading.abort();
    for (const bitmap of this.#bitmaps.values()) bitmap.close();
    this.#bitmaps.clear();
    this.#thumbnail?.close();
    this.#thumbnail = null;
  }

  #want(tiles: readonly Tile[]): void {
    this.#wanted = tiles;
    const keys = new Set(tiles.map(tileKey));
    for (const [key, loading] of this.#loading) if (!keys.has(key)) loading.abort();
    for (const key of keys) {
      const bitmap = this.#bitmaps.get(key);
      if (!bitmap) continue;
      this.#bitmaps.delete(key);
      this.#bitmaps.set(key, bitmap);
    }
    this.#loadNext();
  }

  #loadNext(): void {
    for (const tile of this.#wanted) {
      if (this.#loading.size >= loadedAtOnce || this.#stop.signal.aborted) return;
      const key = tileKey(tile);
      if (!this.#bitmaps.has(key) && !this.#loading.has(key)) void this.#load(tile, key);
    }
  }

  async #load(tile: Tile, key: string): Promise<void> {
    const loading = new AbortController();
    this.#loading.set(key, loading);
    try {
      const bitmap = await fetchBitmap(this.#source.urlOf(tile), loading.signal);
      if (this.#stop.signal.aborted) return bitmap.close();
      if (this.#bitmaps.size === 0) this.#onLoad('shown');
      this.#bitmaps.set(key, bitmap);
      this.#evict();
      this.#onChange();
    } catch {
      if (loading.signal.aborted) return;
      // Asking again would fail again; the thumbnail stays.
      this.#wanted = [];
      this.#stop.abort();
      this.#onLoad('unreadable');
    } finally {
      this.#loading.delete(key);
      this.#loadNext();
    }
  }

  #evict(): void {
    for (const [key, bitmap] of this.#bitmaps) {
      if (this.#bitmaps.size <= Math.max(keptTiles, this.#wanted.length)) return;
      bitmap.close();
      this.#bitmaps.delete(key);
    }
  }

  async #loadThumbnail(): Promise<void> {
    const bitmap = await fetchBitmap(this.#source.thumbnailUrl, this.#stop.signal).catch(
      () => null,
    );
    if (this.#stop.signal.aborted) return bitmap?.close();
    this.#thumbnail = bitmap;
    this.#onChange();
  }
}
