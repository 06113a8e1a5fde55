/** What the tour of the sample project says. */
export const tourTexts = {
  title: 'Tour',
  offer: 'New here? Four steps on a sample photo, two minutes, and you have exported a mask.',
  begin: 'Take the tour',
  skip: 'Skip the tour',
  finish: 'Finish',
  position: (step: number, steps: number) => `Step ${step} of ${steps}`,
  steps: {
    point: {
      title: 'Point at something',
      help: 'Take the point tool (Q) and click on an object of the photo. The model proposes a mask; more clicks refine it, right clicks say what does not belong to it.',
    },
    keep: {
      title: 'Keep the mask',
      help: 'Type what it is into the row below the photo, for example “flower”, and press Enter. Esc rejects the mask.',
    },
    done: {
      title: 'Say that you are done',
      help: 'Ctrl+Enter marks the image as done. Later, D goes on to the next image and A goes back.',
    },
    export: {
      title: 'Take it with you',
      help: 'Press “Export dataset” at the top, choose a file, and export. The file is read back and compared with what is stored here.',
    },
    end: {
      title: 'Exported',
      help: 'That is all of it: point, keep, done, export. F1 shows every key, Ctrl+K finds every command, and this tour is among them.',
    },
  },
};
