import { Option, type Command } from 'commander';
import type { ExportNote, ExportReport } from '../../app/api/contract/dataset.ts';
import { describeFormats } from '../../app/features/dataset/dataset-formats.ts';
import { exportDataset } from '../../app/jobs/kinds/export-dataset.ts';
import { isZip } from '../../app/files/zip-dataset.ts';
import { imageStates, splits, type ImageState, type Split } from '../../core/records.ts';
import { absolutePath } from '../absolute-path.ts';
import { exitCodes } from '../exit-codes.ts';
import { addFlags, formatsHelp, givenOptions, pairsOption } from '../format-options.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { count, listLeftOut, listNotes, printResult } from '../output.ts';
import { addShareOptions, givenShares } from '../split-shares.ts';

interface ExportOptions {
  readonly format: string;
  readonly option?: Readonly<Record<string, string>>;
  readonly states?: ImageState[];
  readonly split?: Split;
  readonly shares?: readonly [number, number, number];
  readonly seed?: number;
  readonly groupBy?: string;
  readonly keepSplits?: boolean;
  readonly zip?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const exportHelp = `
No encoding of masks suits all readers of COCO. evaluation: compressed RLE (pycocotools, detectron2, mmdetection, torchvision).
training: polygons along pixel edges (ultralytics, HF DETR and most trainers). uncompressed: RLE as a list (HF DETR).
Exported are the images that have annotations, whatever their state, and as negatives those that somebody marked as
empty (reviewed-empty). Other images without annotations never are, for nobody said that nothing is there.
What was written is read again and compared with the project object by object; it appears only when that proves right.`;

/** `export`: a dataset, proven by reading it again. */
export function addExportCommand(program: Command): void {
  const known = describeFormats().filter(({ write }) => write !== null);
  const [usual] = known;
  const flags = usual!.write!.options;
  const command = program
    .command('export')
    .description('write a dataset and prove it by reading it again')
    .argument('<project>', 'project file, or the folder that holds it')
    .argument(
      '[target]',
      'file or folder to write (default: beside the project, named by it and by the format)',
    )
    .addOption(
      new Option('--format <format>', 'format of the dataset')
        .choices(known.map(({ id }) => id))
        .default(usual!.id),
    );
  addFlags(command, flags);
  command
    .addOption(pairsOption())
    .addOption(
      new Option('--states <state...>', 'only images in these states (default: in any)').choices(
        imageStates,
      ),
    )
    .addOption(new Option('--split <split>', 'only images of this split').choices(splits));
  addShareOptions(command);
  command
    .option('--zip', 'write one zip archive; so does a target that ends with .zip')
    .option(
      '--overwrite',
      'replace a file that is not an earlier export of this project for the same readers',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', exportHelp + formatsHelp(known, ({ write }) => write?.options ?? null))
    .action(async (given: string, target: string | undefined, chosen: ExportOptions) => {
      const { format, option, states, split, overwrite } = chosen;
      const { write } = known.find(({ id }) => id === format)!;
      const options = givenOptions(command, flags, write!.options, option);
      const shares = givenShares(chosen);
      const zip = chosen.zip ?? (target !== undefined && isZip(target));
      const path = absolutePath(target);
      const report = await runJob(
        exportDataset,
        { path, format, options, zip, states, split, shares, overwrite },
        {
          ...{ project: given, label: 'export' },
          signal: interruptSignal('Stopping; nothing is written.'),
        },
      );
      printResult(chosen.json ?? false, report, () => exportInWords(report));
      if (leftOut(report, 'annotations').length + report.photos.length > 0)
        process.exitCode = exitCodes.someLeftOut;
    });
}

function leftOut({ skipped }: ExportReport, section: ExportNote['section']): ExportNote[] {
  return skipped.filter((row) => row.section === section);
}

/** The report of an export and its proof. */
export function exportInWords(report: ExportReport): string {
  const { proof } = report;
  return [
    `Exported ${report.file}: ${count(report.images, 'image')}, ${count(report.annotations, 'annotation')}, ` +
      count(report.categories, 'category', 'categories'),
    `  proof: read again, ${proof.exact} of ${count(proof.objects, 'object')} exact, least IoU ` +
      `${proof.minimumIou.toFixed(4)}, mean ${proof.meanIou.toFixed(4)}, area off by at most ` +
      `${proof.largestAreaDeviation}, box by ${proof.largestBboxDeviation} pixels`,
    ...splitsInWords(report),
    ...listLeftOut(leftOut(report, 'annotations')),
    ...listLeftOut(leftOut(report, 'images')),
    ...listNotes('changed', report.changed),
    ...listNotes('doubt about', report.photos),
  ].join('\n');
}

function splitsInWords({ splits: counts }: ExportReport): string[] {
  const isSplit = splits.some((split) => counts[split] > 0);
  const parts = splits.map((split) => `${split} ${counts[split]}`);
  const all = [...parts, ...(counts.none > 0 ? [`in none ${counts.none}`] : [])];
  return isSplit ? [`  images by split: ${all.join(', ')}`] : [];
}
