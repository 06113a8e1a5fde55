import { count } from './counted.ts';

const photos = (value: number): string => count(value, 'photo', 'photos');

/** Texts about photos that differ from the imported ones. */
export const changedPhotosTexts = {
  title: (total: number) => `${photos(total)} changed or missing on disk`,
  choices: {
    keep: 'Keep the regions where they are',
    scale: 'Scale the regions to the new size',
    'set-aside': 'Set the images aside',
  },
  help: {
    keep: 'The photo was edited, but shows the same at the same place.',
    scale: 'The photo was saved in another size.',
    'set-aside': 'The images leave the project with their regions. Their files stay.',
  },
  apply: (total: number) => `Apply to ${photos(total)}`,
  applied: 'Applied. Undo takes it back.',
  missing: 'Missing photos can only be set aside.',
  working: 'Taking over changed photos',
};
