import { hasTaughtRegions } from '../image-states.ts';
import type { AppError } from '../errors.ts';
import { isLabelled, keypointsOf } from '../project/keypoints.ts';
import type { RecordId } from '../records.ts';
import type {
  DatasetSource,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
  WrittenNote,
} from './dataset-row.ts';
import { exportFileNames } from './export-file-names.ts';
import type { ExportedAnnotation, ExportedImage, ExportSource } from './export-source.ts';
import type { DatasetExporter, DatasetReader, DatasetWriter, Pause } from './format.ts';
import { Notes } from './notes.ts';
import { proveRows } from './row-proof.ts';
import { datasetProblem } from './sentences.ts';
import { writtenKeypoints } from './written-notes.ts';

/**
 * Exports through a writer: chooses the images, names their files, keeps what is noted, and has
 * the format's own reader prove what was written.
 */
export function rowExporter<Options>(
  writer: DatasetWriter<Options>,
  reader: DatasetReader,
): DatasetExporter<Options> {
  return {
    output: writer.output,
    // Images are chosen, written and proven.
    passes: () => 3,
    async write(source, options, output, pause) {
      const notes = new Notes<Pick<WrittenNote, 'what' | 'section'>>();
      const lost = new Set<string>();
      const note = ({ what, section, isLoss, problem }: WrittenNote): void => {
        if (isLoss && section === 'annotations') lost.add(what);
        notes.add({ what, section }, isLoss, problem);
      };
      const chosen = await chooseImages(source, writer, options, note, pause);
      const lostBefore = lost.size;
      const dataset = datasetSource(source, chosen.leftOut);
      await writer.write(dataset, options, output, note);
      return {
        images: chosen.images,
        annotations: chosen.annotations - (lost.size - lostBefore),
        categories: dataset.categories.length,
        leftOutImages: chosen.leftOut,
        notes: notes.all({ what: '…', section: 'annotations' }),
        minimumIou: writer.minimumIou,
      };
    },
    prove: (source, options, { leftOutImages }, files, pause) =>
      proveRows(writer, reader, datasetSource(source, leftOutImages), options, files, pause),
  };
}

interface ChosenImages {
  /** By export id. */
  readonly leftOut: ReadonlySet<number>;
  readonly images: number;
  readonly annotations: number;
}

async function chooseImages<Options>(
  source: ExportSource,
  writer: DatasetWriter<Options>,
  options: Options,
  note: (note: WrittenNote) => void,
  pause: Pause,
): Promise<ChosenImages> {
  const leftOut = new Set<number>();
  let images = 0;
  let annotations = 0;
  for (const { exported, image } of sourceImages(source)) {
    const rest = pause();
    if (rest) await rest;
    const state = exported.image.state;
    const isAskedFor = source.states === null || source.states.includes(state);
    const held = image.annotations();
    const problem = isAskedFor
      ? reasonAgainst(exported, image, held, writer, options)
      : datasetProblem('exportImageState', { state });
    if (problem === null) {
      images++;
      annotations += held.length;
      const count = writer.takesItems ? 0 : image.items.length;
      if (count > 0) {
        const left = datasetProblem('exportItemsLeft', { count });
        note({ what: image.fileName, section: 'images', isLoss: false, problem: left });
      }
      const unheld = held.filter((each) => isWithoutKeypoints(each, writer)).length;
      if (unheld > 0) {
        const left = datasetProblem('exportKeypointsLeft', { count: unheld });
        note({ what: image.fileName, section: 'images', isLoss: false, problem: left });
      }
      continue;
    }
    leftOut.add(exported.exportId);
    note({ what: image.fileName, section: 'images', isLoss: true, problem });
    if (!isAskedFor) continue;
    for (const { exportId, category } of held) {
      const reason = category === null ? 'exportWithoutCategory' : 'exportImageLeftOut';
      const what = `${image.fileName}, annotation ${exportId}`;
      note({ what, section: 'annotations', isLoss: true, problem: datasetProblem(reason, {}) });
    }
  }
  return { leftOut, images, annotations };
}

/** Whether an annotation has keypoints that the format does not hold. */
function isWithoutKeypoints<Options>(
  annotation: SourceAnnotation,
  { takesKeypoints }: DatasetWriter<Options>,
): boolean {
  if (annotation.mayHaveKeypoints === false) return false;
  if (!keypointsOf(annotation.annotation)?.some(isLabelled)) return false;
  return !takesKeypoints || writtenKeypoints(annotation) === null;
}

/**
 * Why an image must not be exported: without regions it would teach that nothing is there, which
 * nobody said.
 */
function reasonAgainst<Options>(
  exported: ExportedImage,
  image: SourceImage,
  asked: readonly SourceAnnotation[],
  writer: DatasetWriter<Options>,
  options: Options,
): AppError | null {
  // They are read when they are asked for.
  if (writer.takesTexts && exported.texts.length > 0) return null;
  if (!hasTaughtRegions(exported.image, exported.annotations))
    return datasetProblem('exportUnlabelled', {});
  if (asked.length === 0) return null;
  if (asked.some((annotation) => writer.expected(annotation, image, options) !== null)) return null;
  return asked.every(({ category }) => category === null)
    ? datasetProblem('exportUncategorised', {})
    : datasetProblem('exportNothingHeld', {});
}

/** The source as seen by a writer: images that are not left out. */
export function datasetSource(source: ExportSource, leftOut: ReadonlySet<number>): DatasetSource {
  return {
    projectName: source.projectName,
    date: source.date,
    origin: source.origin,
    categories: sourceCategories(source),
    *images() {
      for (const { exported, image } of sourceImages(source)) {
        if (!leftOut.has(exported.exportId)) yield image;
      }
    },
  };
}

function* sourceImages(
  source: ExportSource,
): Generator<{ readonly exported: ExportedImage; readonly image: SourceImage }> {
  const nameOf = exportFileNames(source.folders);
  const categories = new Map(sourceCategories(source).map((each) => [each.exportId, each]));
  for (const exported of source.images()) {
    const image = new ImageToWrite(exported, nameOf(exported.image), source, categories);
    yield { exported, image };
  }
}

/** A class, since a proof holds one for each image. */
class ImageToWrite implements SourceImage {
  readonly fileName: string;
  readonly #exported: ExportedImage;
  readonly #source: ExportSource;
  readonly #categories: ReadonlyMap<number, SourceCategory>;

  constructor(
    exported: ExportedImage,
    fileName: string,
    source: ExportSource,
    categories: ReadonlyMap<number, SourceCategory>,
  ) {
    this.fileName = fileName;
    this.#exported = exported;
    this.#source = source;
    this.#categories = categories;
  }

  get exportId(): number {
    return this.#exported.exportId;
  }

  get image(): SourceImage['image'] {
    return this.#exported.image;
  }

  get texts(): SourceImage['texts'] {
    return this.#exported.texts;
  }

  get items(): SourceImage['items'] {
    return this.#exported.items;
  }

  annotations(): SourceAnnotation[] {
    return this.#source.annotationsOf(this.#exported).map((each) => {
      const category = this.#categories.get(each.categoryExportId ?? -1) ?? null;
      return new AnnotationToWrite(each, category);
    });
  }
}

class AnnotationToWrite implements SourceAnnotation {
  readonly category: SourceCategory | null;
  readonly #exported: ExportedAnnotation;

  constructor(exported: ExportedAnnotation, category: SourceCategory | null) {
    this.#exported = exported;
    this.category = category;
  }

  get exportId(): number {
    return this.#exported.exportId;
  }

  get annotation(): SourceAnnotation['annotation'] {
    return this.#exported.annotation;
  }

  get mayHaveKeypoints(): boolean {
    return this.#exported.mayHaveKeypoints ?? true;
  }

  get texts(): SourceAnnotation['texts'] {
    return this.#exported.texts;
  }
}

/** In tree order: parents before children, siblings in export order. */
function sourceCategories(source: ExportSource): SourceCategory[] {
  const all = [...source.categories()];
  const byId = new Map(all.map(({ category }) => [category.id, category]));
  const childrenOf = Map.groupBy(all, ({ category: { parentId } }) =>
    parentId !== null && byId.has(parentId) ? parentId : null,
  );
  const ordered: SourceCategory[] = [];
  const add = (parentId: RecordId | null): void => {
    for (const { exportId, category } of childrenOf.get(parentId) ?? []) {
      const parentName = byId.get(category.parentId ?? '')?.name ?? null;
      ordered.push({ exportId, category, parentName });
      add(category.id);
    }
  };
  add(null);
  return ordered;
}
