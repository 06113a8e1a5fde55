/** Texts about keypoints and skeletons. */
export const keypointTexts = {
  title: 'Keypoints',
  none: (category: string | null) =>
    category === null
      ? 'Keypoints need a category that has a list of them. No category is chosen.'
      : `The category ${category} has no list of keypoints.`,
  give: 'List its keypoints…',
  count: (labelled: number, all: number) => `Keypoints: ${labelled} of ${all} set`,
  visibilities: { 0: 'not set', 1: 'hidden', 2: 'visible' },
  remove: 'Remove the keypoints',
  names: 'Keypoints, one a line',
  edges: 'Lines between them, as pairs of numbers',
  edgesHelp: 'For instance 1-2, 2-3. Numbers count the lines above from 1.',
  edgeWrong: (found: string) => `Expected two numbers of keypoints such as 1-2, found “${found}”.`,
  person: 'Use the 17 keypoints of a person (COCO)',
};
