import type { HandlersOf } from '../../session.ts';

export const peopleHandlers: HandlersOf<'people'> = {
  'people.show': ({ imageId }, { windows, window = null }) => {
    windows.show(window ?? undefined, imageId);
    return { window, present: windows.present() };
  },
};
