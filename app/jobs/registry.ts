import type { AnyJobKind, JobKind } from './job-kind.ts';
import { addModel } from './kinds/add-model.ts';
import { addServer } from './kinds/add-server.ts';
import { annotate } from './kinds/annotate.ts';
import { ask } from './kinds/ask.ts';
import { changeImages } from './kinds/change-images.ts';
import { compareDatasets } from './kinds/compare-datasets.ts';
import { convert } from './kinds/convert.ts';
import { draftItems } from './kinds/draft-items.ts';
import { evaluate } from './kinds/evaluate.ts';
import { exportDataset } from './kinds/export-dataset.ts';
import { finetune } from './kinds/finetune.ts';
import { importDataset } from './kinds/import-dataset.ts';
import { importImages } from './kinds/import-images.ts';
import { importPackage } from './kinds/import-package.ts';
import { judgeRegions } from './kinds/judge-regions.ts';
import { makeCheckpoint } from './kinds/make-checkpoint.ts';
import { makeHandout } from './kinds/make-handout.ts';
import { mergeHandout } from './kinds/merge-handout.ts';
import { removeCategory } from './kinds/remove-category.ts';
import { rescueProject } from './kinds/rescue-project.ts';
import { score } from './kinds/score.ts';
import { settlePhotos } from './kinds/settle-photos.ts';
import { takeStep } from './kinds/take-step.ts';
import { jobFailure } from './sentences.ts';

/** Every kind of job, a line each. */
export const jobKinds: readonly AnyJobKind[] = [
  importImages,
  importDataset,
  exportDataset,
  annotate,
  ask,
  compareDatasets,
  convert,
  addModel,
  addServer,
  makeCheckpoint,
  draftItems,
  importPackage,
  evaluate,
  finetune,
  changeImages,
  judgeRegions,
  makeHandout,
  mergeHandout,
  removeCategory,
  rescueProject,
  score,
  settlePhotos,
  takeStep,
];

/** @throws AppError `not-found`, naming the kinds that there are. */
export function findJobKind(id: string, kinds: readonly AnyJobKind[] = jobKinds): JobKind {
  const kind = kinds.find((known) => known.id === id);
  if (kind) return kind as unknown as JobKind;
  throw jobFailure('not-found', 'jobKindUnknown', {
    kind: id,
    known: kinds.map((known) => known.id),
  });
}
