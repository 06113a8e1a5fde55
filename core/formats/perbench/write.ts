import type { AppError } from '../../errors.ts';
import { textOfWords } from '../../project/make-item.ts';
import type { Item, RecordId } from '../../records.ts';
import type { Rle } from '../../geometry/shapes.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  RowText,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { isObject, listOf } from '../json-values.ts';
import type { PhotosOptions } from '../photos-option.ts';
import { regionProblem } from '../region-sentences.ts';
import { noteUnheld } from '../unheld-notes.ts';
import { wordProblem } from '../word-sentences.ts';
import { annotationNote, imageNote, pixelsOf, writtenTexts } from '../written-notes.ts';
import { answerOf, perbenchFiles, tagProblem } from './items.ts';
import { plainWords } from './tags.ts';

type Note = (note: WrittenNote) => void;
type Referring = Extract<Item, { task: 'referring' }>;
type Question = Extract<RowText, { kind: 'question' }>;

/** Writes the three files; a region that nothing is said of is in none of them. */
export async function writePerbench(
  source: DatasetSource,
  { photos }: PhotosOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  noteUnheld(source, (each, image) => perbenchShape(each, image) !== null, false, note);
  noteLeftOut(source, note);
  const files = [
    [perbenchFiles.captions, captionRows(source)],
    [perbenchFiles.questions, questionRows(source, note)],
    [perbenchFiles.referring, itemRows(source, note)],
  ] as const;
  for (const [name, rows] of files) await output.stream(name, jsonListPieces('[', rows, ']\n'));
  if (!photos) return;
  for (const image of source.images()) {
    const isHeld = image.annotations().some((written) => perbenchShape(written, image) !== null);
    if (isHeld) await output.photo(`images/${image.fileName}`, image.image.id);
  }
}

/** The pixels; null where nothing is said of them. */
export function perbenchShape(
  { annotation, texts }: SourceAnnotation,
  { image, items }: SourceImage,
): RowShape | null {
  const isInItem = ({ segments }: Item): boolean =>
    segments.some(({ annotationId }) => annotationId === annotation.id);
  if (!texts.some(isSaid) && !items.some((item) => isHeld(item) && isInItem(item))) return null;
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

/** Whether an item is one of the file's kind. */
function isHeld(item: Item): item is Referring {
  return item.task === 'referring' && item.segments.length > 0 && item.content.question !== '';
}

function isSaid(text: RowText): boolean {
  return text.kind === 'question' ? text.question !== '' && text.answer !== '' : text.text !== '';
}

function noteLeftOut(source: DatasetSource, note: Note): void {
  for (const image of source.images()) {
    const count = image.texts.length;
    if (count > 0) note(imageNote(image, false, wordProblem('wordsTextLeft', { count })));
    for (const written of image.annotations()) {
      if (perbenchShape(written, image) !== null) continue;
      const isSilent = !written.texts.some(isSaid);
      const problem = isSilent
        ? wordProblem('wordsNothingSaid', {})
        : regionProblem('writtenEmpty', {});
      note(annotationNote(image, written, true, problem));
    }
  }
}

interface Region {
  readonly written: SourceAnnotation;
  readonly rle: Rle;
}

function regionsOf(image: SourceImage): Region[] {
  return image.annotations().flatMap((written): Region[] => {
    const shape = perbenchShape(written, image);
    return shape?.kind === 'mask' ? [{ written, rle: shape.rle }] : [];
  });
}

function* captionRows(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) {
    const objects = regionsOf(image).flatMap(({ written, rle }) =>
      written.texts.flatMap((text) =>
        text.kind === 'description' && isSaid(text)
          ? [{ segmentation: rle, caption: text.text, annotation: written.exportId }]
          : [],
      ),
    );
    if (objects.length > 0) yield { image_name: image.fileName, object_annotations: objects };
  }
}

function* questionRows(source: DatasetSource, note: Note): Generator<object, void> {
  for (const image of source.images()) {
    const mcqs = regionsOf(image).flatMap(({ written, rle }) =>
      written.texts.flatMap((text) => {
        if (text.kind !== 'question' || !isSaid(text)) return [];
        const { answer } = text;
        const choice = text.choices.find((each) => each !== answer && each.includes(answer));
        if (choice !== undefined) {
          const problem = wordProblem('wordsAnswerInside', { answer, choice });
          note(annotationNote(image, written, false, problem));
        }
        return [questionRow(text, rle, written.exportId)];
      }),
    );
    if (mcqs.length > 0) yield { image_name: image.fileName, mcqs };
  }
}

/** The evaluation puts its own words behind the question at once, so a space ends it. */
function questionRow(text: Question, rle: Rle, annotation: number): object {
  const { question, choices, answer } = text;
  const row = { object: rle, question, answer, annotation };
  if (choices.length === 0) return row;
  const asked = `${question} Choices: ${choices.join('; ')}. `;
  return { ...row, question: asked, texts: writtenTexts([text]) };
}

function* itemRows(source: DatasetSource, note: Note): Generator<object, void> {
  for (const image of source.images()) {
    const { fileName: name } = image;
    const regions = regionsOf(image);
    for (const { written, rle } of regions) {
      for (const text of written.texts) {
        if (text.kind !== 'referring' || !isSaid(text)) continue;
        const tag = tagOutside(text.text);
        yield {
          ...{ image_name: name, question: text.text, answer: answerOf(tag) },
          ...{ segmentations: { [tag]: rle }, annotation: written.exportId },
        };
      }
    }
    const byId = new Map(regions.map((region) => [region.written.annotation.id, region]));
    for (const item of image.items) {
      const row = isHeld(item)
        ? itemRow(item, byId, (problem) => note(imageNote(image, false, problem)))
        : null;
      if (row !== null) yield { image_name: name, ...row };
      else note(imageNote(image, false, wordProblem('wordsItemLeft', { words: startOf(item) })));
    }
    // Projects of earlier versions keep such items of a file as they stood.
    for (const item of listOf(image.image.extra['perbench_vres']).filter(isObject)) {
      const problem = tagProblem(item);
      if (problem !== null) note(imageNote(image, false, problem));
      yield { ...item, image_name: name };
    }
  }
}

/** Readers replace tags as plain text, so none may stand in the question by chance. */
function tagOutside(question: string): string {
  let number = 1;
  while (question.includes(`object${number}`)) number++;
  return `object${number}`;
}

/** An item about regions; null where one of them is not written. */
function itemRow(
  item: Referring,
  regions: ReadonlyMap<RecordId, Region>,
  doubt: (problem: AppError) => void,
): object | null {
  const { question, answer, names } = plainWords(item);
  const segmentations: Record<string, Rle> = {};
  const annotations: Record<string, number> = {};
  for (const { tag, annotationId } of item.segments) {
    const region = regions.get(annotationId);
    if (!region) return null;
    const name = names.get(tag)!;
    segmentations[name] = region.rle;
    annotations[name] = region.written.exportId;
    if (name !== tag) doubt(wordProblem('wordsTagRenamed', { tag, name }));
  }
  const row = { question, answer, segmentations, annotations };
  const problem = tagProblem(row);
  if (problem !== null) doubt(problem);
  return { ...item.extra, ...row };
}

/** The first words of an item, to name it. */
function startOf(item: Item): string {
  const said = textOfWords(item);
  return (said.kind === 'question' ? said.question : said.text).slice(0, 40);
}
