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
COCO readers differ in the mask encodings that they accept. evaluation: compressed RLE (pycocotools, detectron2, mmdetection,
torchvision). training: polygons along pixel edges (ultralytics, HF DETR and most trainers). uncompressed: RLE as a list
(HF DETR). Images with annotations are exported in any state. Images without annotations are exported as negatives only if
they are marked as empty (reviewed-empty). The export proof reads the output and compares every object with the project; the
output appears only after the proof has passed.`;

/** `export`: a dataset, proven by reading it again. */
export function addExportCommand(program: Command): void {
  const known = describeFormats().filter(({ write }) => write !== null);
  const [usual] = known;
  const flags = usual!.write!.options;
  const command = program
    .command('export')
    .description('write a dataset, read it back and compare it with the project')
    .argument('<project>', 'project file or its folder')
    .argument(
      '[target]',
      'file or folder to write (default: in the folder of the project, named after project and format)',
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
      new Option('--states <state...>', 'only images in these states (default: all)').choices(
        imageStates,
      ),
    )
    .addOption(new Option('--split <split>', 'only images of this split').choices(splits));
  addShareOptions(command);
  command
    .option('--zip', 'write one zip archive; a target with the extension .zip implies this')
    .option(
      '--overwrite',
      'replace a file that is not an earlier export of this project with the same profile',
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
