import { isPhoto, PhotoStems, stemOf } from '../photo-files.ts';

/** A mask and the image that it belongs to. */
export interface MaskFile {
  readonly mask: string;
  /** The path of its photo; without ending where the dataset holds none. */
  readonly image: string;
}

export interface MaskLayout {
  readonly masks: readonly MaskFile[];
  readonly ambiguous: readonly { readonly mask: string; readonly photos: readonly string[] }[];
}

const maskFolder =
  /(^|\/)(masks?|labels?|label_?ids|annotations?|ann_dir|gt|gtFine|gtCoarse|seg|segmentations?|instances?)(?=\/)/gi;
/** Suffixes of masks that share a folder with photos. */
const maskEnding =
  /(?:_gtFine|_gtCoarse)?[_-](?:masks?|labels?|labelIds|instanceIds|gt|seg|segmentation|semantic|instances?)$/i;
/** Further views of the same masks. */
const otherView = /_(color|labelTrainIds|instanceTrainIds)\.png$/i;

/** Whether a file is a mask by its name. */
export function isMaskName(path: string): boolean {
  return (
    /\.png$/i.test(path) &&
    !otherView.test(path) &&
    (new RegExp(maskFolder).test(path) || maskEnding.test(stemOf(path)))
  );
}

/** Pairs masks and photos. @param masks the files that are masks */
export function maskLayout(paths: readonly string[], masks: readonly string[]): MaskLayout {
  const isMask = new Set(masks);
  const photos = paths.filter(
    (path) => isPhoto(path) && !isMask.has(path) && !otherView.test(path),
  );
  const stems = new PhotoStems(photos);
  const files: MaskFile[] = [];
  const ambiguous: { mask: string; photos: readonly string[] }[] = [];
  for (const mask of withoutDoubles(masks)) {
    const stem = stemOf(mask).replace(maskEnding, '');
    const mirrored = stem.replace(maskFolder, '$1images');
    const found = [stems.at(mirrored), stems.at(stem), stems.at(stemOf(mask))].find(
      ({ length }) => length > 0,
    );
    const named = found ?? [stem, `${stem}_leftImg8bit`].flatMap((name) => stems.named(name));
    if (named.length > 1) ambiguous.push({ mask, photos: named });
    else files.push({ mask, image: named[0] ?? mirrored });
  }
  return { masks: files, ambiguous };
}

/** Cityscapes has both classes and objects of each image; objects say more. */
function withoutDoubles(masks: readonly string[]): string[] {
  const all = new Set(masks);
  const classes = /_labelIds\.png$/i;
  return masks.filter(
    (mask) => !(classes.test(mask) && all.has(mask.replace(classes, '_instanceIds.png'))),
  );
}
