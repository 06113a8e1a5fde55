import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import {
  compareSides,
  type DatasetComparison,
} from '../../app/features/dataset/compare-datasets.ts';
import { datasetSide, projectSide } from '../../app/features/dataset/compared-side.ts';
import { compareWith, takeOver } from '../../app/features/dataset/take-over.ts';
import { differenceKinds, takenKinds, type TakenKind } from '../../core/compare/comparison.ts';
import { AppError } from '../../core/errors.ts';
import { parseShare } from '../numbers.ts';
import { count, listNotes, printResult, table } from '../output.ts';
import { addPersonOption, isProject, withProject } from '../project.ts';

interface CompareOptions {
  readonly iou: number;
  readonly take?: readonly TakenKind[];
  readonly by?: string;
  readonly json?: boolean;
}

const compareHelp = `
Images match by their paths, otherwise by file names that are unique on both sides, otherwise by the bytes of the
photos beside the dataset. Regions of an image match by IoU, the best pair first; pairs below --iou do not match. From A
to B a region is
  added       in B alone
  removed     in A alone
  moved       in both, with another outline (IoU below 0.99)
  relabelled  in both, with another category and any outline
Other keypoints count as moved, if B has keypoints at all. Texts are descriptions, referring expressions and
questions that B alone has, about images and regions of both.
--take needs a project as A and applies the differences from B to it, as one step that can be undone. Added regions
bring their texts; texts about regions of both need --take texts.`;

/** `compare-datasets`: differences between two sets of annotations of the same photos. */
export function addCompareDatasetsCommand(program: Command): void {
  const command = program
    .command('compare-datasets')
    .description(
      'compare two datasets in any formats, or a project with a dataset, region by region',
    )
    .argument('<a>', 'project, or file or folder of a dataset')
    .argument('<b>', 'the same')
    .option('--iou <number>', 'minimum IoU of matching regions', parseShare, 0.5)
    .addOption(
      new Option('--take <kind...>', 'apply these differences from B to the project A').choices(
        takenKinds,
      ),
    );
  addPersonOption(command)
    .option('--json', 'print JSON, with every difference')
    .addHelpText('after', compareHelp)
    .action(async (a: string, b: string, { iou, take, by, json }: CompareOptions) => {
      const comparison = take
        ? await takeFrom(a, b, new Set(take), iou, by)
        : await compare(a, b, iou);
      printResult(json ?? false, comparison, () => inWords(comparison, a, b, take ?? []));
    });
}

async function takeFrom(
  a: string,
  b: string,
  kinds: ReadonlySet<TakenKind>,
  iou: number,
  by: string | undefined,
): Promise<DatasetComparison> {
  if (!isProject(a) || isProject(b)) {
    throw new AppError(
      'invalid-input',
      `Expected a project as A and a dataset as B for --take, found ${a} and ${b}. Name the project first.`,
    );
  }
  return withProject(a, (database) => takeOver(database, b, kinds, iou), by);
}

async function compare(a: string, b: string, iou: number): Promise<DatasetComparison> {
  if (isProject(a) && isProject(b)) {
    throw new AppError(
      'invalid-input',
      `Expected one project at most, found two: ${a} and ${b}. Export one of them first.`,
    );
  }
  if (isProject(a)) return withProject(a, (database) => compareWith(database, b, iou));
  const left = await datasetSide(a);
  const options = { minimumIou: iou };
  if (!isProject(b)) return compareSides(left, await datasetSide(b), options);
  return withProject(b, (database) => compareSides(left, projectSide(database), options));
}

const mostLines = 20;

function inWords(
  {
    images,
    regions,
    texts,
    ious,
    meanIou,
    confusion,
    kappa,
    differences,
    leftOut,
  }: DatasetComparison,
  a: string,
  b: string,
  taken: readonly TakenKind[],
): string {
  const others = confusion.filter(({ left, right }) => left !== right);
  const only = (side: string, names: readonly string[]): string[] =>
    names.length > 0 ? [`  ${count(names.length, 'image')} only in ${basename(side)}`] : [];
  return [
    `${count(images.both, 'image')} in both: ${count(regions.same, 'region')} the same, ` +
      differenceKinds.map((kind) => `${regions[kind]} ${kind}`).join(', ') +
      (texts > 0 ? `; ${count(texts, 'text')} only in ${basename(b)}` : ''),
    ...(taken.length > 0 ? [`  taken over: ${taken.join(', ')}`] : []),
    ...only(a, images.onlyLeft),
    ...only(b, images.onlyRight),
    ...(meanIou === null
      ? []
      : [
          `  mean IoU of matched regions ${meanIou.toFixed(4)}; Cohen's kappa of their categories ` +
            (kappa === null ? 'undefined (one category alone)' : kappa.toFixed(4)),
          table([
            ['  IoU', ...ious.map((_, step) => `${(step / 10).toFixed(1)}+`)],
            ['  pairs', ...ious.map(String)],
          ]),
        ]),
    ...listNotes(
      'other category',
      others.map(({ left, right, count: times }) => ({
        what: `${left ?? '(none)'} -> ${right ?? '(none)'}`,
        reason: count(times, 'region'),
      })),
      mostLines,
    ),
    ...listNotes(
      'differs',
      differences.map(({ kind, image, left, right, iou }) => ({
        what: image,
        reason:
          `${kind} ${left?.place ?? right!.place}` +
          (iou === null ? '' : `, IoU ${iou.toFixed(3)}`),
      })),
      mostLines,
    ),
    ...listNotes('not compared', leftOut, mostLines),
  ].join('\n');
}
