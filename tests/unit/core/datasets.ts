import { squashDiffs } from '../../../core/diff.ts';
import {
  writeCocoInstances,
  type CocoExportOptions,
  type CocoExportReport,
  type CocoExportSource,
} from '../../../core/formats/coco/export.ts';
import { CocoProofReader } from '../../../core/formats/coco/proof.ts';
import type { ExportProof } from '../../../core/formats/export-proof.ts';
import { CocoImporter, type CocoImportReport } from '../../../core/formats/coco/import.ts';
import {
  ExistingAnnotations,
  type ExistingCounts,
  type ExistingPolicy,
} from '../../../core/formats/existing-annotations.ts';
import type { RowText } from '../../../core/formats/dataset-row.ts';
import { readJsonRows } from '../../../core/formats/json-stream.ts';
import { textOfItem } from '../../../core/formats/item-text.ts';
import { geometryArea, geometryBox } from '../../../core/geometry/region.ts';
import type {
  Annotation,
  Category,
  Geometry,
  ImageRecord,
  Item,
  ProjectRecord,
} from '../../../core/records.ts';

const person = { source: 'person' } as const;

export function makeImage(
  id: string,
  width: number,
  height: number,
  change: Partial<ImageRecord> = {},
): ImageRecord {
  return {
    kind: 'image',
    id,
    folderId: 'folder',
    path: `${id}.jpg`,
    width,
    height,
    orientation: 1,
    sha256: '',
    state: 'done',
    split: null,

    extra: {},
    ...change,
  };
}

export function makeCategory(id: string, change: Partial<Category> = {}): Category {
  return {
    kind: 'category',
    id,
    name: id,
    parentId: null,
    color: '#336699',
    attributes: [],
    extra: {},
    ...change,
  };
}

export function makeAnnotation(
  id: string,
  image: ImageRecord,
  geometry: Geometry,
  change: Partial<Annotation> = {},
): Annotation {
  return {
    kind: 'annotation',
    id,
    imageId: image.id,
    categoryId: 'cat',
    geometry,
    bbox: geometryBox(geometry, image.width, image.height),
    area: geometryArea(geometry, image.width, image.height),
    crowd: false,
    zOrder: 0,
    attributes: {},

    provenance: person,
    createdAtMs: 0,
    updatedAtMs: 0,
    extra: {},
    ...change,
  };
}

/**
 * A project as the database hands it to an export: ids from 1 in the order given.
 * @param texts by the id of the image or the annotation that they are about
 */
export function makeSource(
  images: readonly ImageRecord[],
  categories: readonly Category[],
  annotations: readonly Annotation[],
  texts: Readonly<Record<string, readonly RowText[]>> = {},
): CocoExportSource {
  const exportId = (records: readonly { id: string }[], id: string | null): number | null => {
    const index = records.findIndex((record) => record.id === id);
    return index < 0 ? null : index + 1;
  };
  const exported = annotations.map((annotation, index) => ({
    exportId: index + 1,
    imageExportId: exportId(images, annotation.imageId)!,
    categoryExportId: exportId(categories, annotation.categoryId),
    annotation,
    texts: texts[annotation.id] ?? [],
  }));
  return {
    images: () =>
      images.map((image, index) => ({
        exportId: index + 1,
        image,
        annotations: annotations.filter(({ imageId }) => imageId === image.id).length,
        texts: texts[image.id] ?? [],
        items: [],
      })),
    categories: () => categories.map((category, index) => ({ exportId: index + 1, category })),
    annotations: () => exported,
    use: {
      uncategorised: new Set(
        exported
          .map(({ imageExportId }) => imageExportId)
          .filter((id) =>
            exported.every((row) => row.imageExportId !== id || row.categoryExportId === null),
          ),
      ),
      withoutPixels: new Set(
        exported
          .map(({ imageExportId }) => imageExportId)
          .filter((id) =>
            exported.every((row) => row.imageExportId !== id || row.annotation.area === 0),
          ),
      ),
      categories: new Set(exported.map(({ categoryExportId }) => categoryExportId)),
    },
    folders: [{ id: 'folder', path: 'photos' }],
  };
}

export const exportOptions: CocoExportOptions = {
  profile: 'evaluation',
  holes: 'keyhole',
  tolerance: 0,
  states: null,
  description: 'Test',
  date: '2026-01-02T03:04:05.000Z',
};

/** Runs a writer to its end. */
export function writeAll(pieces: Generator<string, CocoExportReport, void>): {
  text: string;
  report: CocoExportReport;
} {
  let text = '';
  for (;;) {
    const next = pieces.next();
    if (next.done) return { text, report: next.value };
    text += next.value;
  }
}

export function exportText(source: CocoExportSource, options: Partial<CocoExportOptions> = {}) {
  return writeAll(writeCocoInstances(source, { ...exportOptions, ...options }));
}

export interface Imported {
  added: ProjectRecord[];
  images: ImageRecord[];
  categories: Category[];
  removed: string[];
  counts: ExistingCounts;
  report: CocoImportReport;
}

/** The records of a project before an import. */
interface Held {
  readonly policy?: ExistingPolicy;
  readonly held?: readonly Annotation[];
  readonly heldItems?: readonly Item[];
  readonly licenses?: ReadonlyMap<string, string | number | null>;
}

/** Imports a file's text into a project with these images and categories. */
export async function importText(
  text: string,
  images: readonly ImageRecord[],
  categories: readonly Category[] = [],
  { policy = 'merge', held = [], heldItems = [], licenses }: Held = {},
): Promise<Imported> {
  const isOn = (imageId: string) => (record: { readonly imageId: string }) =>
    record.imageId === imageId;
  const existing = new ExistingAnnotations(
    policy,
    (imageId) => held.filter(isOn(imageId)),
    (imageId) => heldItems.filter(isOn(imageId)),
  );
  const importer = new CocoImporter({
    file: 'file.json',
    findImage: (fileName) => images.find((image) => image.path === fileName) ?? null,
    categories,
    existing,
    nowMs: 1000,
    ...(licenses && { licenses }),
  });
  const added: ProjectRecord[] = [];
  for await (const row of readJsonRows([text])) added.push(...importer.read(row));
  const { rest, report } = importer.finish();
  const diff = [...rest].reduce(squashDiffs);
  const updated = Object.values(diff.updated).map(([, to]) => to);
  return {
    added: [...added, ...Object.values(diff.added)],
    images: updated.filter((record) => record.kind === 'image'),
    categories: updated.filter((record) => record.kind === 'category'),
    removed: Object.keys(diff.removed),
    counts: existing.counts,
    report,
  };
}

export function annotationsOf({ added }: Imported): Annotation[] {
  return added.filter((record) => record.kind === 'annotation');
}

/** The texts that an import brought about an image or an annotation, as a file would have them. */
export function textsOf({ added }: Imported, subject: string): RowText[] {
  const reviews = added.filter((record) => record.kind === 'review');
  return added
    .filter((record) => record.kind === 'item')
    .filter((item) => (item.segments[0]?.annotationId ?? item.imageId) === subject)
    .map((item) => textOfItem(item, reviews));
}

export function categoriesOf({ added }: Imported): Category[] {
  return added.filter((record) => record.kind === 'category');
}

/** The result of reading an exported file back. */
export async function proveExport(
  text: string,
  source: CocoExportSource,
  report: CocoExportReport,
): Promise<ExportProof> {
  const proof = new CocoProofReader(source, report);
  for await (const row of readJsonRows([text])) proof.read(row);
  return proof.finish();
}
