import type { HandlersOf } from '../../session.ts';
import { listFolder } from './list-folder.ts';

export const fileHandlers: HandlersOf<'files'> = {
  'files.list': ({ folder }) => listFolder(folder),
};
