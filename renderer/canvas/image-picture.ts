import type { Screen } from './screen.ts';

/** The image under the regions, whole or in tiles. */
export interface ImagePicture {
  draw(screen: Screen): void;
}

/** How far the pixels of an image are; `preparing` while its tiles are made for the first time. */
export type ImageLoad = 'loading' | 'preparing' | 'shown' | 'unreadable';
