import { count } from './counted.ts';

const images = (value: number): string => count(value, 'image', 'images');

/** Texts of the dialog that compares the project with a dataset. */
export const compareDatasetsTexts = {
  title: 'Compare with a dataset',
  path: 'Annotation file, folder or zip file of the dataset',
  minimumIou: 'Smallest IoU of two regions that are the same object',
  help: 'Images match by file name, else by their content. Regions of an image match by IoU, the best pair first. Nothing is changed by comparing.',
  submit: 'Compare',
  working: 'Comparing with a dataset',
  images: (both: number) => `${images(both)} in both.`,
  onlyProject: (total: number) => `${images(total)} only in the project.`,
  onlyDataset: (total: number) => `${images(total)} only in the dataset.`,
  kinds: {
    same: 'The same',
    added: 'Added',
    removed: 'Removed',
    moved: 'Moved',
    relabelled: 'Relabelled',
    texts: 'Texts',
  },
  takeHelp: {
    added:
      'Regions that only the dataset has are added with their texts. Their images are to be checked.',
    removed: 'Regions that the dataset does not have are deleted.',
    moved: 'Regions get the outline and the keypoints of the dataset.',
    relabelled: 'Regions get the category and the outline of the dataset.',
    texts: 'Texts that only the dataset has are added to images and regions of both.',
  },
  meanIou: 'Mean IoU',
  kappa: 'Cohen’s kappa of the categories',
  ious: 'IoU of the matched regions',
  confusion: 'Other category',
  inProject: 'In the project',
  inDataset: 'In the dataset',
  leftOut: (total: number) => `Not compared: ${count(total, 'row', 'rows')}`,
  take: 'Take over from the dataset',
  submitTake: 'Take over',
  taken: 'Taken over as one step; undo takes it back. This is what still differs.',
  again: 'Compare another',
};
