import { rleIou } from '../geometry/rle.ts';
import { enclosesPixels, geometryRle } from '../geometry/region.ts';
import { meteor } from '../scores/meteor.ts';
import {
  geometrySchema,
  type Annotation,
  type ImageRecord,
  type Item,
  type Review,
} from '../records.ts';
import { fieldsOf } from '../tasks/fields.ts';
import { choicesOf, taskOf } from '../tasks/registry.ts';
import { editDistance } from './edit-distance.ts';
import { cohenKappa, fleissKappa } from '../kappa.ts';
import { choiceOf, isDisputed, ownReviews } from './verdicts.ts';

/** A reviewed thing with all that was said of it. */
export interface Reviewed {
  readonly item: Item | null;
  readonly annotation: Annotation | null;
  readonly image: Pick<ImageRecord, 'width' | 'height'>;
  readonly reviews: readonly Review[];
}

/** How far reviewers agree; a number is null where nothing can be told. */
export interface Agreement {
  /** Things that two or more people reviewed. */
  readonly shared: number;
  readonly disputed: number;
  /** Cohen's kappa of exactly two reviewers. */
  readonly cohenVerdicts: number | null;
  readonly cohenChoices: number | null;
  readonly fleissVerdicts: number | null;
  readonly fleissChoices: number | null;
  /** Mean IoU of masks that two people put right. */
  readonly maskIou: number | null;
  /** Mean METEOR and edit distance of texts that two people put right. */
  readonly meteor: number | null;
  readonly editDistance: number | null;
}

/** Compares what reviewers said of the same things, before anybody settled it. Pure. */
export function agreementOf(things: Iterable<Reviewed>): Agreement {
  const verdicts: string[][] = [];
  const choices: string[][] = [];
  const pairs = { verdicts: [] as [string, string][], choices: [] as [string, string][] };
  const people = new Set<string | null>();
  const texts: [string, string][] = [];
  const ious: number[] = [];
  let disputed = 0;
  for (const { item, annotation, image, reviews } of things) {
    const own = ownReviews(reviews).sort((a, b) =>
      (a.reviewer ?? '') < (b.reviewer ?? '') ? -1 : 1,
    );
    if (own.length < 2) continue;
    for (const { reviewer } of own) people.add(reviewer);
    verdicts.push(own.map(({ verdict }) => verdict));
    disputed += Number(isDisputed(item, reviews));
    const answers = item && choicesOf(item) ? own.map((one) => choiceOf(item, one)!) : null;
    if (answers) choices.push(answers);
    const [first, second] = own as [Review, Review];
    if (own.length === 2) {
      pairs.verdicts.push([first.verdict, second.verdict]);
      if (answers) pairs.choices.push(answers as [string, string]);
    }
    const words = item && ([first, second].map((one) => textOf(item, one)) as [string, string]);
    const isRewritten = [first, second].some(({ suggestion }) => suggestion !== undefined);
    if (words && !answers && isRewritten) texts.push(words);
    const iou = annotation && isRewritten ? maskIou(annotation, image, first, second) : null;
    if (iou !== null) ious.push(iou);
  }
  const areTwo = people.size === 2;
  return {
    shared: verdicts.length,
    disputed,
    cohenVerdicts: areTwo ? told(cohenKappa(pairs.verdicts)) : null,
    cohenChoices: areTwo ? told(cohenKappa(pairs.choices)) : null,
    fleissVerdicts: told(fleissKappa(verdicts)),
    fleissChoices: told(fleissKappa(choices)),
    maskIou: mean(ious),
    meteor: mean(texts.map(([first, second]) => meteor(second, [first]))),
    editDistance: mean(texts.map(([first, second]) => editDistance(first, second))),
  };
}

function told(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The words that a reviewer would have. */
function textOf(item: Item, { suggestion }: Review): string {
  const content = (suggestion ?? item.content) as Readonly<Record<string, unknown>>;
  return fieldsOf(taskOf(item.task).content)
    .map(({ name }) => content[name])
    .filter((part) => typeof part === 'string')
    .join('\n');
}

/** IoU of the masks that two reviewers would have; null where one of them cannot be read. */
function maskIou(
  { geometry }: Annotation,
  { width, height }: Reviewed['image'],
  first: Review,
  second: Review,
): number | null {
  const masks = [first, second].map(({ suggestion }) => {
    const parsed = suggestion === undefined ? null : geometrySchema.safeParse(suggestion);
    if (parsed === null) return geometry;
    return parsed.success ? parsed.data : null;
  });
  const [one, other] = masks;
  if (!one || !other || !enclosesPixels(one) || !enclosesPixels(other)) return null;
  const [a, b] = [one, other].map((shape) => geometryRle(shape, width, height));
  return rleIou(a!, b!);
}
