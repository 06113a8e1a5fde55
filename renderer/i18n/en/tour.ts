/** Texts of the tour of the sample project. */
export const tourTexts = {
  title: 'Tour',
  offer:
    'New here? The tour takes two minutes: four steps on a sample photo, from a click to an export.',
  begin: 'Take the tour',
  skip: 'Skip the tour',
  finish: 'Finish',
  position: (step: number, steps: number) => `Step ${step} of ${steps}`,
  steps: {
    point: {
      title: 'Point at an object',
      help: 'Choose the point tool (Q) and click on an object in the photo. The model proposes a mask. Further clicks refine it; right clicks exclude parts.',
    },
    keep: {
      title: 'Accept the mask',
      help: 'Type a category into the row below the photo, for example “airplane”, and press Enter. Esc rejects the mask.',
    },
    done: {
      title: 'Mark the image as done',
      help: 'Ctrl+Enter marks the image as done. D shows the next image, A the previous one.',
    },
    export: {
      title: 'Export the dataset',
      help: 'Press “Export dataset” at the top, choose a file, and export. The file is read back and compared with the project.',
    },
    end: {
      title: 'Exported',
      help: 'The workflow is: point, accept, mark as done, export. F1 shows every key, Ctrl+K finds every command, including this tour.',
    },
  },
};
