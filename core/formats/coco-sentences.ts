import type { ImageState } from '../records.ts';

/**
 * What is said of the rows of a COCO file that are left out, or taken over with a doubt, and of what an export leaves out;
 * see core/sentences.ts. Clauses, since the row is named before them. Values of the file are given as they stand there, or
 * as `nothing`.
 */

export type PolygonProblem = {
  /** Which of the row's polygons it is, from 0. */
  readonly index: number;
} & (
  | { readonly kind: 'not-a-list'; readonly found: string }
  | { readonly kind: 'not-finite'; readonly found: string }
  | { readonly kind: 'too-short'; readonly count: number }
  | { readonly kind: 'odd'; readonly count: number }
);

interface Found {
  readonly found: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Id = number | string;

export const cocoSentences = {
  rowNotJson: ({ reason }: { reason: string }) => `it cannot be read as JSON (${reason})`,
  rowNotObject: ({ found }: Found) => `it is not an object but ${found}`,
  rowLacks: ({ key, found }: Found & { key: string }) => `it has no ${key} but ${found}`,
  rowIdTaken: ({ kind, id }: { kind: 'image' | 'category'; id: Id }) =>
    `another ${kind} has the id ${id} already`,
  rowImageIdShared: ({ id }: { id: Id }) =>
    `several images have the id ${id}, so nobody can know whose annotations these are`,
  rowCategoryNameTaken: ({ name, taken }: { name: string; taken: string }) =>
    `another category of the file is named "${name}", too; this one becomes "${taken}"`,
  rowCategoryMerged: ({ name }: { name: string }) =>
    `another category of the file is named "${name}" under the same supercategory; both become one`,
  rowCategoryCircle: ({ name, parent }: { name: string; parent: string }) =>
    `its supercategory "${parent}" lies under "${name}" itself; it is kept without`,
  rowNameBroken: ({ name }: { name: string }) =>
    `its name holds half a character (a broken surrogate pair); it is kept as "${name}"`,
  rowKeyNotFinite: ({ key }: { key: string }) =>
    `its ${key} holds NaN or Infinity, which is not JSON; the key is left out`,
  rowSplitUnknown: ({ found }: Found) => `its split ${found} is none of ours; it is left out`,
  rowIdZero: () => 'its id is 0, which evaluation takes for "no match"; exports give it another',
  rowIdMissing: () => 'it has no id; it is kept',
  rowIdRepeated: ({ row, id }: { row: number; id: Id }) =>
    `annotation row ${row} has the id ${id} already; both are kept`,

  licensesLeft: () =>
    'the licences are not kept, only the number that each image has of them; exports number images, categories and ' +
    'annotations anew, so keep this file',
  rowImageUnknown: ({ found }: Found) => `no image of the project has the file name ${found}`,
  rowImageAmbiguous: ({ found, paths }: Found & { paths: readonly string[] }) =>
    `${paths.length} images of the project may be meant by the file name ${found}: ${paths.slice(0, 5).join(', ')}`,
  rowImageAlike: ({ found, path }: Found & { path: string }) =>
    `no image of the project has the file name ${found} itself; ${path} is taken for it`,
  rowImageSize: ({
    written,
    width,
    height,
  }: Size & { written: { [side in keyof Size]: string } }) =>
    `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; ` +
    'shapes are kept where they are',
  rowImageScaled: ({ written, width, height }: Size & { written: Size }) =>
    `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk; ` +
    'shapes are scaled to it',
  rowImageOther: ({ written, width, height }: Size & { written: Size }) =>
    `its size is ${written.width} x ${written.height} in the file but ${width} x ${height} on disk, which has other ` +
    'proportions: nobody can know where the shapes belong',
  rowImageMissing: ({ id }: { id: Id }) => `no image of the file has the id ${id}`,
  rowImageDropped: ({ id, reason }: { id: Id; reason: string }) =>
    `its image ${id} was dropped: ${reason}`,
  rowCategoryMissing: ({ id }: { id: Id }) =>
    `no category of the file has the id ${id}; it is kept without a category`,
  rowWithoutCategory: ({ found }: Found) =>
    `it has no category_id but ${found}; it is kept without a category`,

  rowWithoutRegion: () => 'it has neither a segmentation, nor a bbox, nor a caption',
  segmentationUnknown: ({ found }: Found) =>
    `its segmentation is neither a list of polygons nor an RLE but ${found}`,
  segmentationEmpty: () => 'its segmentation covers no pixel of its image',
  boxInstead: () => 'its segmentation says nothing; its bbox is taken instead',
  polygonsUnusable: ({ problems }: { problems: readonly PolygonProblem[] }) =>
    problems.map(polygonClause).join('; '),
  polygonLeftOut: (problem: PolygonProblem) => `${polygonClause(problem)}; it is left out`,
  rleSizeUnreadable: ({ found }: Found) =>
    `its RLE needs a size of [height, width], found ${found}`,
  rleSizeDiffers: ({ rle, image }: { rle: Size; image: Size }) =>
    `its RLE has ${rle.width} x ${rle.height} pixels but its image has ${image.width} x ${image.height}`,
  rleCountsUnknown: ({ found }: Found) =>
    `the counts of its RLE are neither a string nor a list but ${found}`,

  boxUnreadable: ({ found }: Found) => `its bbox must be four finite numbers, found ${found}`,
  boxWithoutArea: ({ found }: Found) => `its bbox ${found} has no area`,
  boxOutside: ({ found, width, height }: Found & Size) =>
    `its bbox ${found} lies outside its image of ${width} x ${height}`,
  boxCut: ({ found, width, height }: Found & Size) =>
    `its bbox ${found} reaches outside its image of ${width} x ${height}; it is cut`,
  boxMeasured: ({ found }: Found) => `its bbox ${found} is not four finite numbers; it is measured`,
  boxDiffers: ({ found, expected }: Found & { expected: string }) =>
    `its bbox ${found} does not fit its segmentation, whose box ${expected} takes its place; it is kept as given_bbox`,
  boxTurned: ({ found, degrees }: Found & { degrees: number }) =>
    `its bbox ${found} is turned by ${degrees} degrees; it becomes an outline`,

  crowdUnknown: ({ found }: Found) => `its iscrowd is ${found}, neither 0 nor 1; it is taken as 0`,
  textUnknown: ({ index, found }: Found & { index: number }) =>
    `text ${index} is not one of ours (${found}); it is left out`,
  captionUnknown: ({ found }: Found) => `its caption is not a string but ${found}; it is left out`,

  exportImageState: ({ state }: { state: ImageState }) => `it is ${state}`,
  exportUnlabelled: () => 'it has no regions, and nobody said that nothing is there',
  exportUncategorised: () => 'none of its regions has a category',
  exportImageLeftOut: () => 'its image is not exported',
  exportWithoutCategory: () => 'it has no category',
  exportEmpty: () => 'it covers no pixel of its image',
};

function polygonClause(problem: PolygonProblem): string {
  return `polygon ${problem.index} ${whatIsWrong(problem)}`;
}

function whatIsWrong(problem: PolygonProblem): string {
  switch (problem.kind) {
    case 'not-a-list':
      return `is not a list of numbers but ${problem.found}`;
    case 'not-finite':
      return `holds ${problem.found}, which is not a finite number`;
    case 'too-short':
      return problem.count === 4
        ? 'has 4 numbers, which readers take for a box; a polygon needs at least 6'
        : `has ${problem.count} numbers; a polygon needs at least 6`;
    case 'odd':
      return `has an odd count of numbers (${problem.count})`;
  }
}
