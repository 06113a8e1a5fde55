/** Texts of the category dialog about nesting and required values. */
export const categoryDialogTexts = {
  nestHelp:
    'Drag a category onto another category to make it a child, or between two to move it there. ' +
    'Alt + arrow keys do the same.',
  topLevel: 'Top level',
  required: 'Required',
  requiredOf: (attribute: string) => `${attribute} is required before an image is done`,
  startsAs: 'Default',
  noStart: 'No default',
  startsAsOf: (attribute: string) => `Default of ${attribute}`,
  missing: (category: string, attribute: string) =>
    `A region of ${category} has no value for the required attribute ${attribute}. The region is selected: set the value, then mark the image as done.`,
};
