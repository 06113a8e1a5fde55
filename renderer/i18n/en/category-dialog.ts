/** What the dialog of categories says of nesting and of values that must be there. */
export const categoryDialogTexts = {
  nestHelp:
    'Drag a category onto another to put it under that one, or between two to move it there. ' +
    'Alt + arrow keys do it too.',
  topLevel: 'Under no other',
  required: 'Needed',
  requiredOf: (attribute: string) => `${attribute} is needed before an image is done`,
  startsAs: 'Starts as',
  startsAsOf: (attribute: string) => `${attribute} starts as`,
  missing: (category: string, attribute: string) =>
    `A region of ${category} has no value for ${attribute}, which is needed. It is selected: give it one, then mark the image as done.`,
};
