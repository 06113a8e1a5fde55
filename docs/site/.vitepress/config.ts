import { defineConfig } from 'vitepress';

/** The documentation site; `npm run docs` writes its reference pages first. */
export default defineConfig({
  title: 'Pixel-SAIL Studio',
  description: 'Label images on your own machine: point, drag, scribble or type.',
  cleanUrls: true,
  themeConfig: {
    nav: [
      { text: 'Tour', link: '/tour' },
      { text: 'Formats', link: '/reference/formats' },
      { text: 'Commands', link: '/reference/commands' },
    ],
    sidebar: [
      { text: 'Tour', link: '/tour' },
      {
        text: 'Tasks',
        items: [
          { text: 'Masks, boxes and outlines', link: '/tasks/regions' },
          { text: 'Keypoints', link: '/tasks/keypoints' },
          { text: 'Polylines and image tags', link: '/tasks/lines-and-tags' },
          { text: 'Descriptions', link: '/tasks/descriptions' },
          { text: 'Referring expressions', link: '/tasks/referring' },
          { text: 'Multiple-choice questions', link: '/tasks/multiple-choice' },
        ],
      },
      {
        text: 'Coming from',
        items: [
          { text: 'CVAT', link: '/coming-from/cvat' },
          { text: 'labelme', link: '/coming-from/labelme' },
          { text: 'X-AnyLabeling', link: '/coming-from/x-anylabeling' },
          { text: 'Label Studio', link: '/coming-from/label-studio' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Formats', link: '/reference/formats' },
          { text: 'Commands', link: '/reference/commands' },
        ],
      },
    ],
    search: { provider: 'local' },
  },
});
