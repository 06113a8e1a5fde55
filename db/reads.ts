import { toErrorEnvelope, type ErrorEnvelope } from '../core/errors.ts';
import { agreementOf } from '../core/reviewing/agreement.ts';
import { reviewQueue } from '../core/reviewing/queue.ts';
import { authorQueue } from './author-queue.ts';
import { reviewables, reviewed } from './reviewables.ts';
import type { ProjectReader, Reads } from './project.ts';

/** How each of {@link Reads} is read. */
export const reads: {
  readonly [Name in keyof Reads]: (
    project: ProjectReader,
    input: Reads[Name]['input'],
  ) => Reads[Name]['output'];
} = {
  imagePage: (project, query) => project.imagePage(query),
  imagePlace: (project, { imageId, query }) => project.imagePlace(imageId, query),
  waitingRegions: (project, query) => project.waitingRegions(query),
  counts: (project) => project.counts(),
  regionStatistics: (project) => project.regionStatistics(),
  imagesOfStatistic: (project, of) => project.imagesOfStatistic(of),
  trainableImages: (project) => project.trainableImages(),
  stateChanges: (project) => project.stateChanges(),
  comparedItems: (project, { task }) => project.comparedItems(task),
  authorQueue: (project, { task, after }) => authorQueue(project, task, after),
  reviewQueue: (project, { filter, reviewer, assignment }) =>
    reviewQueue(reviewables(project, filter.task), filter, reviewer, assignment),
  agreement: (project) => agreementOf(reviewed(project)),
  check: (project) => project.check().map(toErrorEnvelope),
};

/** Requests to the thread, and its answers. */
export interface ReadQuestion {
  readonly id: number;
  readonly file: string;
  readonly name: keyof Reads;
  readonly input: unknown;
}
export type ReadAnswer =
  | { readonly slow: { readonly sql: string; readonly ms: number } }
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorEnvelope };
