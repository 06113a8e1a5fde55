import type { Skeleton } from '../records.ts';

/** The keypoints of a person in COCO's person_keypoints files. */
export const personSkeleton: Skeleton = {
  keypoints: [
    ...['nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear', 'left_shoulder'],
    ...['right_shoulder', 'left_elbow', 'right_elbow', 'left_wrist', 'right_wrist', 'left_hip'],
    ...['right_hip', 'left_knee', 'right_knee', 'left_ankle', 'right_ankle'],
  ],
  edges: [
    ...([
      [15, 13],
      [13, 11],
      [16, 14],
      [14, 12],
      [11, 12],
      [5, 11],
      [6, 12],
    ] as const),
    ...([
      [5, 6],
      [5, 7],
      [6, 8],
      [7, 9],
      [8, 10],
      [1, 2],
      [0, 1],
      [0, 2],
    ] as const),
    ...([
      [1, 3],
      [2, 4],
      [3, 5],
      [4, 6],
    ] as const),
  ].map(([from, to]) => [from, to]),
};
