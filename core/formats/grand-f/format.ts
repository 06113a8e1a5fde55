import { z } from 'zod';
import type { DatasetOutput } from '../dataset-files.ts';
import type {
  DatasetSource,
  RowShape,
  SourceAnnotation,
  SourceImage,
  WrittenNote,
} from '../dataset-row.ts';
import type { DatasetFormat } from '../format.ts';
import { jsonListPieces } from '../json-pieces.ts';
import { recordsLikeness } from '../json-record-files.ts';
import { noteUnheld } from '../unheld-notes.ts';
import { wordProblem } from '../word-sentences.ts';
import { annotationNote, imageNote, pixelsOf } from '../written-notes.ts';
import { captionsOf, groundedCaptions, phrasesOf } from './phrases.ts';
import { grandfLikeness, readGrandf } from './read.ts';

type Note = (note: WrittenNote) => void;

/** GranD-f of GLaMM: captions whose phrases have masks. */
export const grandF: DatasetFormat<object, object> = {
  id: 'grand-f',
  title: 'GranD-f',
  cannotHold:
    'Left out: everything except captions and regions whose referring expression occurs in a caption.',
  chinese: { cannotHold: '不写出：描述、指代表达式出现在描述中的区域以外的所有内容。' },
  detect: (files) => recordsLikeness(files, grandfLikeness),
  readOptions: z.object({}),
  reader: { read: readGrandf },
  writeOptions: z.object({}),
  writer: {
    output: { kind: 'file', ending: '.json' },
    write: writeGrandf,
    expected: grandfShape,
    expectedCategory: () => null,
    minimumIou: 1,
    takesTexts: true,
  },
};

async function writeGrandf(
  source: DatasetSource,
  _options: object,
  output: DatasetOutput,
  note: Note,
): Promise<void> {
  noteUnheld(source, (each, image) => grandfShape(each, image) !== null, false, note);
  noteLeftOut(source, note);
  await output.stream('grand_f.json', jsonListPieces('[', recordsOf(source), ']\n'));
}

/** The pixels; null where no caption of the image says any of its phrases. */
function grandfShape(written: SourceAnnotation, image: SourceImage): RowShape | null {
  const captions = captionsOf(image);
  const phrases = phrasesOf(written);
  if (!phrases.some((phrase) => captions.some((caption) => caption.includes(phrase)))) return null;
  const rle = pixelsOf(written.annotation, image.image);
  return rle && { kind: 'mask', rle };
}

function noteLeftOut(source: DatasetSource, note: Note): void {
  for (const image of source.images()) {
    const captions = captionsOf(image);
    const others = image.texts.length - captions.length;
    if (others > 0) note(imageNote(image, false, wordProblem('wordsTextLeft', { count: others })));
    for (const written of image.annotations()) {
      if (grandfShape(written, image) === null) {
        const isSilent = phrasesOf(written).length === 0;
        const name = isSilent ? 'wordsNothingSaid' : 'wordsPhraseMissing';
        note(annotationNote(image, written, true, wordProblem(name, {})));
        continue;
      }
      const held = phrasesOf(written).filter((each) =>
        captions.some((caption) => caption.includes(each)),
      );
      const count = written.texts.length - held.length;
      if (count > 0)
        note(annotationNote(image, written, false, wordProblem('wordsTextLeft', { count })));
    }
  }
}

/**
 * `annotations` is ours: by it a region is known again that several phrases mean. Spans are of
 * Unicode characters.
 */
function* recordsOf(source: DatasetSource): Generator<object, void> {
  for (const image of source.images()) {
    const { exportId, fileName } = image;
    const { width, height } = image.image;
    for (const { caption, groundings } of groundedCaptions(image)) {
      const entries = [...groundings].map(([phrase, regions]) => {
        const start = [...caption.slice(0, caption.indexOf(phrase))].length;
        const grounding = {
          token_positives: [start, start + [...phrase].length],
          rle_masks: regions.map(({ rle }) => rle),
          annotations: regions.map(({ written }) => written.exportId),
        };
        return [phrase, grounding] as const;
      });
      yield {
        ...{ file_name: fileName, height, width, image_id: String(exportId), caption },
        groundings: Object.fromEntries(entries),
      };
    }
  }
}
