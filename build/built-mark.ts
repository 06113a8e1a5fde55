/** Written last by a build, so that its time tells when everything was built. */
export const builtMark = 'dist/.built';
