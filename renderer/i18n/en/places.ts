import { images } from './counted.ts';

/** Texts of the folder chooser. */
export const placeTexts = {
  title: 'Places',
  home: 'Home',
  favourites: 'Favourites',
  recent: 'Recent',
  keep: 'Add this folder to the favourites',
  drop: (folder: string) => `Remove ${folder} from the favourites`,
  newFolder: 'New folder…',
  newFolderName: 'Name of the new folder',
  make: 'Create',
  emptyFolder: 'This folder is empty.',
  photosHere: (total: number) => `The folder of the project has ${images(total)}.`,
  addPhotos: 'Add them',
};
