import type { ItemWords } from '../project/make-item.ts';
import type { Annotation, ImageRecord, RecordId } from '../records.ts';
import { sentenceSet, type Dictionary } from '../sentence-set.ts';
import type { Finding, FindingIn, WrittenContent, WrittenSubject } from '../tasks/findings.ts';
import { taskOf, tasks, type TaskId } from '../tasks/registry.ts';
import type { Task } from '../tasks/task.ts';
import { comparisonKey } from './comparison-key.ts';

/** An item in writing. */
export type WrittenItem = ItemWords & Partial<Omit<WrittenContent<unknown>, 'content'>>;

/** The subject of an item in writing, and the other items of its image. */
export interface WrittenAbout extends WrittenSubject {
  readonly image: Pick<ImageRecord, 'id' | 'width' | 'height'>;
  /** Another item with this key (comparison-key.ts); null where there is none. */
  readonly duplicateOf: (key: string) => RecordId | null;
}

/** The findings about the subject of an item, which every task has. */
const subjectSentences = sentenceSet(
  {
    'small-region': ({ name, patches }: { readonly name: string; readonly patches: number }) =>
      `${name === '' ? 'The region' : `The region “${name}”`} covers ${patches < 1 ? 'less than one patch' : `${Math.floor(patches)} of the model’s patches`}; below four patches a prompt is imprecise. Choose a larger region.`,
    duplicate: () => 'Another item has the same text. Change this item, or delete one of them.',
  },
  {
    'small-region': ({ name, patches }) =>
      `${name === '' ? '该区域' : `区域“${name}”`}${patches < 1 ? '不到模型的一个图块' : `只占模型的 ${Math.floor(patches)} 个图块`}；少于四个图块时提示不精确。请选择更大的区域。`,
    duplicate: () => '另一个条目有相同的文字。请修改此条目，或删除其中一个。',
  },
);
type SubjectFinding = FindingIn<typeof subjectSentences.english> & { readonly itemId?: RecordId };

/** Whether a finding prevents saving; the others are hints. */
export function isHindrance({ kind }: Finding): boolean {
  return (tasks as readonly Task[]).some(({ findings }) => findings?.hindrances.includes(kind));
}

/** All findings of the checks, hindrances first. Pure. */
export function findingsOf(written: WrittenItem, about: WrittenAbout): Finding[] {
  const { content, tagged = [], hasNoTarget = false } = written;
  const words = taskOf(written.task).findings?.of({ content, tagged, hasNoTarget }, about) ?? [];
  const found = [...words, ...smallRegions(about), ...duplicates(written, about)];
  return [...found.filter(isHindrance), ...found.filter((one) => !isHindrance(one))];
}

/** The sentence of a finding about an item of a task, in both languages. */
export function sentenceOf(
  task: TaskId,
  finding: Finding,
): { readonly english: string; readonly chinese: string } {
  const own = taskOf(task).findings?.sentences;
  const { english, chinese } = own && finding.kind in own.english ? own : subjectSentences;
  const said = (dictionary: Dictionary) => dictionary[finding.kind]!(finding as never);
  return { english: said(english), chinese: said(chinese) };
}

/**
 * Pixels along the side of a patch of Pixel-SAIL, and the longest side of the image that it is
 * shown.
 */
const [patchSide, longestSide] = [16, 1024];
/** Below this number of patches a prompt hardly tells the region. */
export const fewestPatches = 4;

/** The number of the model's patches that a region covers. */
export function patchesOf(
  area: number,
  { width, height }: Pick<ImageRecord, 'width' | 'height'>,
): number {
  const scale = Math.min(1, longestSide / Math.max(width, height));
  return (area * scale ** 2) / patchSide ** 2;
}

function smallRegions({ image, regions, nameOf }: WrittenAbout): SubjectFinding[] {
  return regions.flatMap(({ id, area }: Pick<Annotation, 'id' | 'area'>): SubjectFinding[] => {
    const patches = patchesOf(area, image);
    if (patches >= fewestPatches) return [];
    return [{ kind: 'small-region', name: nameOf(id) ?? '', patches }];
  });
}

function duplicates(
  written: WrittenItem,
  { image, regions, duplicateOf }: WrittenAbout,
): SubjectFinding[] {
  const key = comparisonKey(
    written,
    image.id,
    regions.map(({ id }) => id),
  );
  const itemId = key === null ? null : duplicateOf(key);
  return itemId === null ? [] : [{ kind: 'duplicate', itemId }];
}
