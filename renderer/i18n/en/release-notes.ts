/** Texts of the release notes, shown after an update. */
export const releaseNoteTexts = {
  title: (version: string) => `What is new in ${version}`,
  updated: (version: string) => `Pixel-SAIL Studio was updated to ${version}.`,
  show: 'What is new',
};
