import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import { cocoProfiles, holePolicies } from '../../../core/formats/coco/profiles.ts';
import type { ExportProof } from '../../../core/formats/export-proof.ts';
import {
  existingPolicies,
  type ExistingCounts,
} from '../../../core/formats/existing-annotations.ts';
import { imageStates, splits } from '../../../core/records.ts';
import type { JobStarted } from './job-started.ts';
import { id, method } from './method.ts';

/** What an export left out, and why. Images that were not asked for are no loss; annotations are. */
export interface ExportNote {
  readonly section: 'images' | 'annotations';
  readonly what: string;
  readonly reason: string;
  /** The failure that the reason words. */
  readonly error: ErrorEnvelope;
}

export interface ExportReport {
  readonly file: string;
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly skipped: readonly ExportNote[];
  /** Images that were written, but whose files are gone or no longer the photos that were imported. */
  readonly photos: readonly ImportNote[];
  readonly proof: ExportProof;
}

/** What an import left out or took over with a doubt, and why. */
export interface ImportNote {
  readonly what: string;
  readonly reason: string;
  /** The failure that the reason words, where it was one. */
  readonly error?: ErrorEnvelope;
}

export interface ImportReport {
  readonly images: number;
  /** How many were added. */
  readonly annotations: number;
  readonly categories: number;
  /** What an import of annotations did where images held some before. */
  readonly existing?: ExistingCounts;
  readonly skipped: readonly ImportNote[];
  /** What was taken over with a doubt. */
  readonly warnings?: readonly ImportNote[];
}

export const datasetContract = {
  'dataset.importCoco': method<JobStarted>()(
    z.object({
      file: z.string().min(1),
      images: z.string().min(1),
      /** What is done with images that hold annotations already; `merge` unless given. */
      existing: z.enum(existingPolicies).optional(),
    }),
  ),
  'dataset.exportCoco': method<JobStarted>()(
    z.object({
      file: z.string().min(1),
      /** Also replaces a file that is not an earlier export of this project for the same readers. */
      overwrite: z.boolean().optional(),
      profile: z.enum(cocoProfiles),
      holes: z.enum(holePolicies).optional(),
      /** How far in pixels an outline may be off; 0, the default, keeps masks exactly. */
      tolerance: z.number().min(0).optional(),
      states: z.array(z.enum(imageStates)).optional(),
      split: z.enum(splits).optional(),
      /** Only annotations of these categories; images without any are written all the same. */
      categoryIds: z.array(id).optional(),
    }),
  ),
} as const;
