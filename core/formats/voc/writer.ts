import type { AppError } from '../../errors.ts';
import type { Box, Rle } from '../../geometry/shapes.ts';
import type { AttributeValue, Split } from '../../records.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceCategory,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { colorFromText, indexedPng, vocColor, type Color } from '../label-image.ts';
import { noteWritten } from '../left-out.ts';
import { exportStems, lastPart } from '../photo-files.ts';
import { regionWithoutPixels } from '../region-without-pixels.ts';
import { datasetProblem } from '../sentences.ts';
import { paintMask, visibleRegions } from '../visible-regions.ts';
import { marks } from './annotation-xml.ts';
import { borderColor, borderIndex, labelMapText, type VocClass } from './label-map.ts';
import type { VocWriteOptions } from './options.ts';
import { vocProblem } from './sentences.ts';

/** Writes `Annotations`, `ImageSets`, the masks and `labelmap.txt`. */
export async function writeVoc(
  source: DatasetSource,
  options: VocWriteOptions,
  output: DatasetOutput,
  note: (note: WrittenNote) => void,
): Promise<void> {
  const classes = classesOf(source.categories);
  const palette = Array.from({ length: 256 }, (_, index) =>
    index === borderIndex ? borderColor : (classes[index]?.color ?? vocColor(index)),
  );
  const objectPalette = Array.from({ length: 256 }, (_, index) =>
    index === borderIndex ? borderColor : vocColor(index),
  );
  if (source.categories.some(({ parentName }) => parentName !== null)) {
    const problem = vocProblem('vocTreeLeftOut', {});
    note({ what: 'labelmap.txt', section: 'annotations', isLoss: false, problem });
  }
  await output.write('labelmap.txt', labelMapText(classes));
  const stem = exportStems(source);
  const classIndices = new Map(
    source.categories.map(({ exportId }, index) => [exportId, index + 1]),
  );
  let hasUnsplit = false;
  const lists = { Main: emptyLists(), Segmentation: emptyLists() };
  for (const image of source.images()) {
    const { fileName, image: record } = image;
    const id = stem(fileName);
    const objects = writtenObjects(image, options);
    for (const object of objects) noteWritten(object, image, ['attributes'], note);
    const written = objects.filter(({ box }) => box !== null);
    const masks = written.flatMap(({ rle, annotation }, index) =>
      rle === null
        ? []
        : [
            {
              rle,
              number: index + 1,
              classIndex: classIndices.get(annotation.category!.exportId)!,
            },
          ],
    );
    await output.write(`Annotations/${id}.xml`, annotationText(image, written, masks.length > 0));
    if (masks.length > 0) {
      const [classPixels, objectPixels] = [0, 1].map(
        () => new Uint8Array(record.width * record.height),
      ) as [Uint8Array, Uint8Array];
      for (const { rle, number, classIndex } of masks) {
        paintMask(classPixels, rle, classIndex);
        paintMask(objectPixels, rle, number);
      }
      const { width, height } = record;
      await output.write(
        `SegmentationClass/${id}.png`,
        indexedPng(width, height, classPixels, palette),
      );
      await output.write(
        `SegmentationObject/${id}.png`,
        indexedPng(width, height, objectPixels, objectPalette),
      );
      addTo(lists.Segmentation, id, record.split);
    }
    addTo(lists.Main, id, record.split);
    if (record.split === null) hasUnsplit = true;
    if (options.photos) await output.photo(`JPEGImages/${fileName}`, record.id);
  }
  for (const [folder, byName] of Object.entries(lists)) {
    for (const [name, ids] of Object.entries(byName)) {
      // datumaro reads the images of each list anew, so nothing is listed twice without need.
      const isNeedless = name === 'trainval' && !hasUnsplit;
      if (ids.length === 0 || isNeedless) continue;
      await output.stream(`ImageSets/${folder}/${name}.txt`, lines(ids));
    }
  }
}

function* lines(ids: readonly string[]): Generator<string, void> {
  for (let index = 0; index < ids.length; index += 1000) {
    yield ids
      .slice(index, index + 1000)
      .map((id) => `${id}\n`)
      .join('');
  }
}

type Lists = Record<'train' | 'val' | 'test' | 'trainval', string[]>;

function emptyLists(): Lists {
  return { train: [], val: [], test: [], trainval: [] };
}

/** `trainval` has what is not for the test, images without split included. */
function addTo(lists: Lists, id: string, split: Split | null): void {
  if (split !== null) lists[split === 'validation' ? 'val' : split].push(id);
  if (split !== 'test') lists.trainval.push(id);
}

/**
 * The classes of the masks, after the background; in their own colours where these can be told
 * apart.
 */
function classesOf(categories: readonly SourceCategory[]): VocClass[] {
  const colors = categories.map(({ category }) => colorFromText(category.color));
  const taken = new Set<Color>([0, borderColor, ...colors]);
  const areApart = taken.size === colors.length + 2;
  return [
    { name: 'background', color: 0 },
    ...categories.map(({ category }, index) => ({
      name: category.name,
      color: areApart ? colors[index]! : vocColor(index + 1),
    })),
  ];
}

/** An annotation as VOC has it. */
interface WrittenObject {
  readonly annotation: SourceAnnotation;
  /** Whole pixels; null where it is left out. */
  readonly box: Box | null;
  /** Its pixels in the masks; null where it has only its box. */
  readonly rle: Rle | null;
  readonly problems: readonly { readonly isLoss: boolean; readonly problem: AppError }[];
}

const mostInMask = borderIndex - 1;

/**
 * In the order of the XML. Where each is written depends on the others, so all of an image are
 * worked out together.
 */
function writtenObjects(image: SourceImage, options: VocWriteOptions): readonly WrittenObject[] {
  const cached = worked.get(image);
  if (cached?.masks === options.masks) return cached.objects;
  const objects = workOut(image, options.masks);
  worked.set(image, { masks: options.masks, objects });
  return objects;
}

/** A proof asks for the annotations of an image one by one. */
const worked = new WeakMap<
  SourceImage,
  { readonly masks: boolean; readonly objects: readonly WrittenObject[] }
>();

function workOut(image: SourceImage, masks: boolean): WrittenObject[] {
  let number = 0;
  const objects = image.annotations().map((annotation): WrittenObject & { hasMask: boolean } => {
    const base = { annotation, rle: null, hasMask: false };
    const without = (problem: AppError) => ({
      ...base,
      box: null,
      problems: [{ isLoss: true, problem }],
    });
    if (annotation.category === null) {
      return without(datasetProblem('exportWithoutCategory', {}));
    }
    const box = wholeBox(annotation, image);
    if (box === null) return without(regionWithoutPixels(annotation.annotation.geometry));
    number++;
    const { geometry } = annotation.annotation;
    const problems: AppError[] = [];
    // The place of a category among all is never after its export id.
    const isRoom = number <= mostInMask && annotation.category.exportId <= mostInMask;
    const hasMask = masks && geometry.kind !== 'box' && isRoom;
    if (masks && geometry.kind !== 'box' && !isRoom) {
      problems.push(vocProblem('vocTooManyForMask', { most: mostInMask }));
    } else if (!hasMask && geometry.kind !== 'box') {
      problems.push(vocProblem('vocRegionBecomesBox', {}));
    } else if (geometry.kind === 'polygon') {
      problems.push(vocProblem('vocOutlineBecomesMask', {}));
    }
    if (geometry.kind === 'box' && box.some((value, index) => value !== geometry.box[index])) {
      problems.push(vocProblem('vocBoxRounded', {}));
    }
    return {
      ...base,
      box,
      hasMask,
      problems: problems.map((problem) => ({ isLoss: false, problem })),
    };
  });
  const seen = visibleRegions(
    image,
    objects.filter(({ hasMask }) => hasMask).map(({ annotation }) => annotation),
  );
  const seenOf = new Map(seen.map((region) => [region.annotation, region]));
  return objects.map((object) => {
    const region = seenOf.get(object.annotation);
    if (!region) return object;
    const hidden = { isLoss: false, problem: vocProblem('vocHidden', { hidden: region.hidden }) };
    const problems = region.hidden > 0 ? [...object.problems, hidden] : object.problems;
    return { ...object, rle: region.rle, problems };
  });
}

/** The whole pixels that a box touches, inside its image; null for none. */
function wholeBox({ annotation }: SourceAnnotation, { image }: SourceImage): Box | null {
  if (annotation.area === 0) return null;
  const [x, y, boxWidth, boxHeight] = annotation.bbox;
  const [left, top] = [Math.max(0, Math.floor(x)), Math.max(0, Math.floor(y))];
  const right = Math.min(image.width, Math.ceil(x + boxWidth));
  const bottom = Math.min(image.height, Math.ceil(y + boxHeight));
  return right > left && bottom > top ? [left, top, right - left, bottom - top] : null;
}

/** The expected result of reading; see {@link DatasetWriter.expected}. */
export function expectedVoc(
  annotation: SourceAnnotation,
  image: SourceImage,
  options: VocWriteOptions,
): RowShape | null {
  const object = writtenObjects(image, options).find(
    (candidate) => candidate.annotation.exportId === annotation.exportId,
  );
  if (!object || object.box === null) return null;
  return object.rle === null ? { kind: 'box', box: object.box } : { kind: 'mask', rle: object.rle };
}

function annotationText(
  { image, fileName }: SourceImage,
  objects: readonly WrittenObject[],
  isSegmented: boolean,
): string {
  const { width, height, state } = image;
  const folder = fileName.includes('/') ? fileName.slice(0, fileName.lastIndexOf('/')) : '';
  const isVerified = state === 'done' || state === 'reviewed-empty';
  return [
    `<annotation${isVerified ? ' verified="yes"' : ''}>`,
    `  <folder>${escaped(folder)}</folder>`,
    `  <filename>${escaped(lastPart(fileName))}</filename>`,
    '  <source>',
    '    <database>Pixel-SAIL Studio</database>',
    '  </source>',
    '  <size>',
    `    <width>${width}</width>`,
    `    <height>${height}</height>`,
    '    <depth>3</depth>',
    '  </size>',
    `  <segmented>${isSegmented ? 1 : 0}</segmented>`,
    ...objects.flatMap(objectLines),
    '</annotation>',
    '',
  ].join('\n');
}

function objectLines({ annotation, box }: WrittenObject): string[] {
  const { attributes } = annotation.annotation;
  const [left, top, width, height] = box!;
  const { pose, ...others } = attributes;
  const rest = Object.entries(others).filter(([name]) => !isMark(name));
  return [
    '  <object>',
    `    <name>${escaped(annotation.category!.category.name)}</name>`,
    `    <pose>${escaped(pose === undefined ? 'Unspecified' : String(pose))}</pose>`,
    ...marks.map((mark) => `    <${mark}>${isSaid(attributes[mark]) ? 1 : 0}</${mark}>`),
    '    <bndbox>',
    // The first pixel is 1, and the last one belongs to the box.
    `      <xmin>${left + 1}</xmin>`,
    `      <ymin>${top + 1}</ymin>`,
    `      <xmax>${left + width}</xmax>`,
    `      <ymax>${top + height}</ymax>`,
    '    </bndbox>',
    ...(rest.length === 0
      ? []
      : ['    <attributes>', ...rest.map(attributeLine), '    </attributes>']),
    '  </object>',
  ];
}

function isMark(name: string): boolean {
  return marks.some((mark) => mark === name);
}

function isSaid(value: AttributeValue | undefined): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

function attributeLine([name, value]: [string, AttributeValue]): string {
  const text = `<name>${escaped(name)}</name><value>${escaped(String(value))}</value>`;
  return `      <attribute>${text}</attribute>`;
}

const replacements: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text for XML, which cannot hold most control characters at all. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>]/g, (sign) => replacements[sign]!).replaceAll(/\p{Cc}/gu, ' ');
}
