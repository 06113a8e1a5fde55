import { formatsOf } from '../formats.ts';
import { annotations, images } from './counted.ts';

const { number } = formatsOf('en');

/** Texts of the region statistics. */
export const regionStatisticTexts = {
  suspects: 'Suspicious regions',
  suspectsHelp: 'Choose a line to list its images.',
  suspect: {
    score: 'Mask with a score below 50 %',
    size: 'Region much larger or smaller than others of its category',
    duplicate: 'Duplicate box of the same category',
  },
  images,
  together: 'Categories in the same image',
  togetherHelp: (shown: number) =>
    `Images with both categories, for the ${number(shown)} most frequent categories. Choose a field to list them.`,
  pair: (first: string, second: string, total: number) =>
    first === second ? `${first}: ${images(total)}` : `${first} and ${second}: ${images(total)}`,
  places: 'Positions of regions',
  placesHelp: 'Centres of the regions, by size. Choose a field to list its images.',
  sizes: {
    small: 'Smaller than 32 × 32 px',
    medium: 'Smaller than 96 × 96 px',
    large: 'Larger',
  },
  place: (column: number, row: number, total: number) =>
    `Column ${number(column)}, row ${number(row)}: ${annotations(total)}`,
  people: 'People',
  person: 'Name',
  worked: 'Time without pauses',
  hours: (milliseconds: number) => {
    const minutes = Math.round(milliseconds / 60_000);
    return minutes < 60
      ? `${number(minutes)} min`
      : `${number(Math.floor(minutes / 60))} h ${number(minutes % 60)} min`;
  },
  rate: 'Regions per hour',
};
