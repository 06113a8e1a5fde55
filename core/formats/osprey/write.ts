import { exchangeOf, questionOf, turnsOf } from '../conversation.ts';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import { jsonListPieces } from '../json-pieces.ts';
import type { PhotosOptions } from '../photos-option.ts';
import { regionProblem } from '../region-sentences.ts';
import { noteUnheld } from '../unheld-notes.ts';
import { wordProblem } from '../word-sentences.ts';
import { annotationNote, imageNote, pixelsOf, writtenTexts } from '../written-notes.ts';

type Note = (note: WrittenNote) => void;
type Texts = SourceAnnotation['texts'];

/**
 * Writes descriptions and conversations into a file each, for they are read by different loaders.
 */
export async function writeOsprey(
  source: DatasetSource,
  { photos }: PhotosOptions,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  noteUnheld(source, (each, image) => ospreyShape(each, image) !== null, false, note);
  noteLeftOut(source, note);
  const files = [
    ['osprey_detail_description.json', descriptionRows(source)],
    ['osprey_conversation.json', conversationRows(source)],
  ] as const;
  for (const [name, rows] of files) await output.stream(name, jsonListPieces('[', rows, ']\n'));
  if (!photos) return;
  for (const image of source.images()) {
    const isHeld = image.annotations().some((written) => ospreyShape(written, image) !== null);
    if (isHeld) await output.photo(`images/${image.fileName}`, image.image.id);
  }
}

/** The pixels; null where nothing is said of them that is held. */
export function ospreyShape(
  { annotation, texts }: SourceAnnotation,
  { image }: SourceImage,
): RowShape | null {
  if (descriptionsOf(texts).length + questionsOf(texts).length === 0) return null;
  const rle = pixelsOf(annotation, image);
  return rle && { kind: 'mask', rle };
}

function descriptionsOf(texts: Texts) {
  const said = texts.flatMap((text) => (text.kind === 'description' ? [text.text] : []));
  return said.filter((text) => text !== '');
}

function questionsOf(texts: Texts) {
  return texts.filter((text) => text.kind === 'question');
}

function noteLeftOut(source: DatasetSource, note: Note): void {
  for (const image of source.images()) {
    const others = image.texts.length;
    if (others > 0) note(imageNote(image, false, wordProblem('wordsTextLeft', { count: others })));
    for (const written of image.annotations()) {
      const { texts } = written;
      const held = descriptionsOf(texts).length + questionsOf(texts).length;
      const count = texts.length - held;
      if (ospreyShape(written, image) === null) {
        const problem =
          held === 0 ? wordProblem('wordsNothingSaid', {}) : regionProblem('writtenEmpty', {});
        note(annotationNote(image, written, true, problem));
      } else if (count > 0) {
        note(annotationNote(image, written, false, wordProblem('wordsTextLeft', { count })));
      }
    }
  }
}

/** The keys that both files have; `annotation` in a region is ours, by which one is known again. */
function rowOf({ exportId, fileName, image }: SourceImage, regions: readonly object[]): object {
  const { width, height } = image;
  return { id: exportId, file_name: fileName, height, width, annotation: regions };
}

function* descriptionRows(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) {
    const described = image.annotations().flatMap((written) => {
      const shape = ospreyShape(written, image);
      if (shape?.kind !== 'mask') return [];
      const region = { segmentation: shape.rle, annotation: written.exportId };
      return descriptionsOf(written.texts).map((text) => ({ region, text }));
    });
    if (described.length === 0) continue;
    yield {
      ...rowOf(
        image,
        described.map(({ region }) => region),
      ),
      description: described.map(({ text }, index) => `<region${index + 1}>: ${text}`),
    };
  }
}

function* conversationRows(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) {
    const asked = image.annotations().flatMap((written) => {
      const shape = ospreyShape(written, image);
      const questions = questionsOf(written.texts);
      return shape?.kind === 'mask' && questions.length > 0
        ? [{ written, rle: shape.rle, questions }]
        : [];
    });
    if (asked.length === 0) continue;
    const regions: object[] = [];
    const exchanges = asked.flatMap(({ written, rle, questions }, index) => {
      const plain = questions.filter((each) => isPlain(each));
      const others = questions.filter((each) => !isPlain(each));
      const texts = others.length > 0 ? { texts: writtenTexts(others) } : {};
      regions.push({ segmentation: rle, annotation: written.exportId, ...texts });
      return plain.map((question) => {
        const exchange = exchangeOf(question);
        return { ...exchange, asked: `<region${index + 1}>: ${exchange.asked}` };
      });
    });
    yield { ...rowOf(image, regions), conversations: turnsOf(exchanges) };
  }
}

/**
 * Whether a question is read again as it is written; others stand beside their region as they are.
 */
function isPlain(question: ReturnType<typeof questionsOf>[number]): boolean {
  const exchange = exchangeOf(question);
  const read = questionOf(exchange);
  const isTagged = /<region\d+>/.test(`${exchange.asked}${exchange.answered}`);
  return (
    !isTagged &&
    JSON.stringify([read.question, read.choices, read.answer]) ===
      JSON.stringify([question.question, question.choices, question.answer])
  );
}
