import { z } from 'zod';
import type { ErrorEnvelope } from '../../../core/errors.ts';
import {
  existingPolicies,
  type ExistingCounts,
} from '../../../core/formats/existing-annotations.ts';
import type { ExportProof } from '../../../core/formats/export-proof.ts';
import type { Likeness, OutputKind } from '../../../core/formats/format.ts';
import type { OptionsSchema } from '../../../core/formats/options.ts';
import { splitSharesSchema } from '../../../core/project/split-shares.ts';
import { imageStates, splits, type RecordId, type Split } from '../../../core/records.ts';
import type { JobStarted } from './job-started.ts';
import { id, method, nothing } from './method.ts';

/**
 * Losses and changes of an export, with reasons. Images outside the selection are no loss;
 * annotations are.
 */
export interface ExportNote {
  readonly section: 'images' | 'annotations';
  readonly what: string;
  readonly reason: string;
  /** The failure that the reason words. */
  readonly error: ErrorEnvelope;
}

/** An image whose file is gone, or is no longer the photo that was imported. */
export interface PhotoNote extends ImportNote {
  readonly imageId: RecordId;
}

export interface ExportReport {
  /** The file or folder that was written. */
  readonly file: string;
  readonly images: number;
  readonly annotations: number;
  readonly categories: number;
  readonly skipped: readonly ExportNote[];
  /** Annotations written with changes. */
  readonly changed: readonly ExportNote[];
  /**
   * Images that were written, but whose files are gone or no longer the photos that were imported.
   */
  readonly photos: readonly PhotoNote[];
  readonly proof: ExportProof;
  /** How many of the images are in each split. */
  readonly splits: SplitCounts;
}

export type SplitCounts = Readonly<Record<Split | 'none', number>>;

/** Counts of each split of an export. */
export interface SplitPreview {
  readonly images: SplitCounts;
  readonly annotations: SplitCounts;
  /** The most frequent first; null counts the annotations without a category. */
  readonly categories: readonly {
    readonly categoryId: RecordId | null;
    readonly annotations: SplitCounts;
  }[];
  /** How many groups are kept together; null where the project's splits are kept. */
  readonly groups: number | null;
}

/** Omitted rows and warnings of an import, with reasons. */
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
  /** Counts of an import for images that already had annotations. */
  readonly existing?: ExistingCounts;
  readonly skipped: readonly ImportNote[];
  /** Warnings: rows that were imported with a change. */
  readonly warnings?: readonly ImportNote[];
  /** Images of the project that were met again, and whose photo has changed. */
  readonly photos?: readonly PhotoNote[];
}

/** The format descriptions for dialogs and the command line. */
export interface FormatDescription {
  readonly id: string;
  readonly title: string;
  /** The programs whose own readers open its exports in the tests. */
  readonly provenAgainst: readonly string[];
  readonly cannotHold: { readonly english: string; readonly chinese: string };
  /** The options of its import; null where it is not read. */
  readonly read: OptionsSchema | null;
  /** Its export; null where it is not written. */
  readonly write: {
    readonly options: OptionsSchema;
    readonly output: OutputKind;
    /** The name by default; see core/formats/file-name.ts. */
    readonly fileName: string;
  } | null;
}

/** The dataset at a path. */
export interface DetectedDataset {
  readonly isFolder: boolean;
  /** The formats that it may have, the likeliest first. */
  readonly formats: readonly { readonly id: string; readonly likeness: Likeness }[];
  /** Pictures of a zip archive; 0 for a folder or a file. */
  readonly photos: number;
  /** Whether it is a zip archive with a project: a handout. */
  readonly hasProject: boolean;
}

const options = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

export const datasetContract = {
  /** Every format, the first being the one that is meant where none is named. */
  'dataset.formats': method<FormatDescription[]>()(nothing),
  'dataset.detect': method<DetectedDataset>()(z.object({ path: z.string().min(1) })),
  'dataset.import': method<JobStarted>()(
    z.object({
      /** A folder, or a file. */
      path: z.string().min(1),
      /** Recognised unless given. */
      format: z.string().min(1).optional(),
      /** Folder of the photos; that of the dataset unless given. */
      images: z.string().min(1).optional(),
      /** The treatment of images with existing annotations; `merge` by default. */
      existing: z.enum(existingPolicies).optional(),
      /** Of the format; its defaults unless given. */
      options: options.optional(),
    }),
  ),
  /** Counts of the splits of an export. */
  'dataset.splits': method<SplitPreview>()(
    z.object({
      /** Null: the images keep the splits that they have. */
      shares: splitSharesSchema.nullable(),
      states: z.array(z.enum(imageStates)).optional(),
      categoryIds: z.array(id).optional(),
    }),
  ),
  'dataset.export': method<JobStarted>()(
    z.object({
      /** The file or folder to write; beside the project, named by it, unless given. */
      path: z.string().min(1).optional(),
      format: z.string().min(1),
      /** Of the format; its defaults unless given. */
      options: options.optional(),
      /** As one zip archive, whether the format is a file or a folder. */
      zip: z.boolean().optional(),
      /** Also replaces a file that is not an earlier export of this project in this format. */
      overwrite: z.boolean().optional(),
      states: z.array(z.enum(imageStates)).optional(),
      /** Shares the images out anew, in the export alone; they keep their splits unless given. */
      shares: splitSharesSchema.optional(),
      split: z.enum(splits).optional(),
      /** Only annotations of these categories; images without any are written all the same. */
      categoryIds: z.array(id).optional(),
    }),
  ),
} as const;
