import { cocoPanoptic } from '../coco-panoptic/format.ts';
import { panopticFiles } from '../coco-panoptic/read.ts';
import type { PhotosOptions } from '../photos-option.ts';
import { panopticShape } from '../coco-panoptic/write.ts';
import type { DatasetFiles } from '../dataset-files.ts';
import type { DatasetSource, SourceAnnotation, SourceImage, WrittenNote } from '../dataset-row.ts';
import type { DatasetFormat, Likeness } from '../format.ts';
import { wordProblem } from '../word-sentences.ts';
import { annotationNote } from '../written-notes.ts';

/** Pix2Cap-COCO: COCO's panoptic files, whose segments have a description each. */
export const pix2cap: DatasetFormat<object, PhotosOptions> = {
  id: 'pix2cap',
  title: 'Pix2Cap',
  cannotHold:
    'As COCO panoptic. Readers skip segments whose description is missing or shorter than 6 characters.',
  chinese: { cannotHold: '同 COCO 全景。读取程序会跳过没有描述或描述少于 6 个字符的区域。' },
  detect,
  ...(cocoPanoptic.readOptions && { readOptions: cocoPanoptic.readOptions }),
  reader: cocoPanoptic.reader!,
  writeOptions: cocoPanoptic.writeOptions!,
  writer: {
    ...cocoPanoptic.writer!,
    async write(source, options, output, note) {
      noteUnused(source, note);
      await cocoPanoptic.writer!.write(source, options, output, note);
    },
  },
};

/** Panoptic files that describe their segments; the program reads both alike. */
async function detect(files: DatasetFiles): Promise<Likeness> {
  const paths = (await panopticFiles(files)).slice(0, 3);
  const starts = await Promise.all(paths.map((path) => files.start(path)));
  const isDescribed = starts.some((start) => {
    const text = new TextDecoder().decode(start);
    return text.includes('"segments_info"') && /"description"\s*:\s*"/.test(afterInfo(text));
  });
  return isDescribed ? 'possible' : 'none';
}

/** `info` has a description, too. */
function afterInfo(text: string): string {
  return text.slice(text.indexOf('"segments_info"'));
}

/** Readers use descriptions that are longer than this. */
const shortest = 5;

function noteUnused(source: DatasetSource, note: (note: WrittenNote) => void): void {
  for (const image of source.images()) {
    for (const written of image.annotations()) {
      const name = reasonOf(written, image);
      if (name !== null) note(annotationNote(image, written, false, wordProblem(name, {})));
    }
  }
}

function reasonOf(written: SourceAnnotation, image: SourceImage) {
  if (panopticShape(written, image) === null) return null;
  const first = written.texts.find(({ kind }) => kind === 'description');
  if (first?.kind !== 'description') return 'wordsUndescribed';
  return first.text.length > shortest ? null : 'wordsShort';
}
