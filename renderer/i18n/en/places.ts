import { images } from './counted.ts';

/** What is said where folders are chosen. */
export const placeTexts = {
  title: 'Places',
  home: 'Home',
  favourites: 'Favourites',
  recent: 'Recent',
  keep: 'Keep this folder among the favourites',
  drop: (folder: string) => `Take ${folder} off the favourites`,
  newFolder: 'New folder…',
  newFolderName: 'Name of the new folder',
  make: 'Make',
  emptyFolder: 'This folder is empty.',
  photosHere: (total: number) => `The project’s folder holds ${images(total)}.`,
  addPhotos: 'Add them',
};
