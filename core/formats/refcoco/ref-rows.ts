import type { DatasetSource, SourceAnnotation, SourceImage } from '../dataset-row.ts';
import type { Item } from '../../records.ts';
import { tagsIn } from '../../tasks/task.ts';
import { splitFolders } from '../split-folders.ts';

/** A text about some annotations of an image, or about none. */
interface Said {
  readonly targets: readonly SourceAnnotation[];
  readonly texts: string[];
}

/**
 * The rows of a refs file.
 * @param targets `many`: an expression that several annotations of an image have is one that is
 * about all of them
 * @param isTarget whether an annotation is written at all
 */
export function* refRows(
  source: DatasetSource,
  targets: 'one' | 'many',
  isTarget: (annotation: SourceAnnotation, image: SourceImage) => boolean,
): Generator<object, void> {
  let refId = 1;
  let sentenceId = 1;
  for (const image of source.images()) {
    const written = image.annotations().filter((each) => isTarget(each, image));
    const said =
      targets === 'one'
        ? expressionsOfOneTarget(image, written)
        : expressionsOfManyTargets(image, written);
    for (const { targets: about, texts } of said) {
      const sentences = texts.map((raw) => ({ sent_id: sentenceId++, ...wordsOf(raw) }));
      const ids = about.map(({ exportId }) => exportId);
      const categories = about.map(({ category }) => category!.exportId);
      yield {
        ref_id: refId++,
        ann_id: targets === 'one' ? ids[0] : ids.length > 0 ? ids : [-1],
        category_id: targets === 'one' ? categories[0] : ids.length > 0 ? categories : [-1],
        image_id: image.exportId,
        file_name: image.fileName,
        split: splitOf(image),
        sent_ids: sentences.map(({ sent_id: id }) => id),
        sentences,
      };
    }
  }
}

function referring({ texts }: Pick<SourceAnnotation, 'texts'>): string[] {
  const said = texts.flatMap((text) => (text.kind === 'referring' ? [text.text] : []));
  return said.filter((text) => text !== '');
}

function expressionsOfOneTarget(
  image: SourceImage,
  annotations: readonly SourceAnnotation[],
): Said[] {
  const said = annotations.map((each) => ({ targets: [each], texts: referring(each) }));
  return byTargets([...said, ...ofItems(image, annotations, 'one')]);
}

/** Expressions by their targets; an expression that an annotation has twice counts twice. */
function expressionsOfManyTargets(
  image: SourceImage,
  annotations: readonly SourceAnnotation[],
): Said[] {
  const targets = new Map<string, SourceAnnotation[]>();
  for (const each of annotations) {
    const times = new Map<string, number>();
    for (const text of referring(each)) {
      const time = times.get(text) ?? 0;
      times.set(text, time + 1);
      const key = JSON.stringify([text, time]);
      targets.set(key, [...(targets.get(key) ?? []), each]);
    }
  }
  const said = Array.from(targets, ([key, about]) => {
    const [text] = JSON.parse(key) as [string, number];
    return { targets: about, texts: [text] };
  });
  const ofNone = referring(image).map((text) => ({ targets: [], texts: [text] }));
  return byTargets([...said, ...ofNone, ...ofItems(image, annotations, 'many')]);
}

/**
 * Expressions about the same targets in one group: readers look a target's expressions up by its
 * id, and know one ref of each. An expression without targets stays alone.
 */
function byTargets(said: readonly Said[]): Said[] {
  const groups = new Map<string, Said>();
  for (const [index, { targets, texts }] of said.entries()) {
    if (texts.length === 0) continue;
    const ids = targets.map(({ exportId }) => exportId).sort((a, b) => a - b);
    const key = ids.length > 0 ? ids.join(' ') : `none ${index}`;
    const group = groups.get(key);
    if (group) group.texts.push(...texts);
    else groups.set(key, { targets, texts: [...texts] });
  }
  return [...groups.values()];
}

/**
 * Items that are expressions: RefCOCO has those about one region, gRefCOCO those about several or
 * none, too.
 */
export function ofItems(
  { items }: Pick<SourceImage, 'items'>,
  annotations: readonly SourceAnnotation[],
  targets: 'one' | 'many',
): (Said & { readonly item: Item })[] {
  const written = new Map(annotations.map((each) => [each.annotation.id, each]));
  return items.flatMap((item) => {
    const text = expressionOf(item);
    // A region may have several tags.
    const ids = [...new Set(item.segments.map(({ annotationId }) => annotationId))];
    const about = ids.flatMap((id) => written.get(id) ?? []);
    const isWhole = text !== null && about.length === ids.length;
    const isHeld = isWhole && (targets === 'many' || about.length === 1);
    return isHeld ? [{ targets: about, texts: [text], item }] : [];
  });
}

/** Whether the answer of an item says more than its targets. */
export function saysMoreThanTargets({ content }: Item): boolean {
  if (!('answer' in content)) return false;
  return content.answer.replace(/\[[^[\]]+\]/g, '').trim() !== '';
}

/** The words of an item whose regions are all targets; null for others. */
function expressionOf({ task, content, segments }: Item): string | null {
  if (task !== 'referring') return null;
  const { question } = content;
  const isPlain = question.trim() !== '' && tagsIn(question).length === 0;
  return isPlain && segments.every(({ role }) => role === 'target') ? question : null;
}

/**
 * The word that an import brought goes before, where it is of the same split: testA and testB are
 * both tests.
 */
function splitOf({ image: { split, extra } }: SourceImage): string {
  const kept = extra['refer_split'];
  const word = splitFolders[split ?? 'train'];
  return split !== null && typeof kept === 'string' && kept.startsWith(word) ? kept : word;
}

/**
 * An expression as it was written, as models are trained on it (small letters without
 * punctuation), and its words.
 */
function wordsOf(raw: string): { raw: string; sent: string; tokens: string[] } {
  const plain = raw.toLowerCase().replaceAll(/[^\p{L}\p{N}\p{M}' ]+/gu, ' ');
  const sent = plain.trim().replaceAll(/ +/g, ' ') || raw;
  return { raw, sent, tokens: sent.split(' ') };
}
