import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import type { ExportNote, ExportReport } from '../../app/api/contract/dataset.ts';
import { exportCoco } from '../../app/services/coco-export-file.ts';
import {
  cocoFileName,
  cocoProfiles,
  holePolicies,
  type CocoProfile,
  type HolePolicy,
} from '../../core/formats/coco/profiles.ts';
import { newId } from '../../core/ids.ts';
import { imageStates, splits, type ImageState, type Split } from '../../core/records.ts';
import type { ProjectDatabase } from '../../db/project-database.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { parsePixels } from '../numbers.ts';
import { count, listLeftOut, listNotes, printResult } from '../output.ts';
import { Progress } from '../progress.ts';
import { withProject } from '../project.ts';

interface ExportOptions {
  readonly profile: CocoProfile;
  readonly holes: HolePolicy;
  readonly tolerance: number;
  readonly states?: ImageState[];
  readonly split?: Split;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const exportHelp = `
No encoding of masks suits all readers. evaluation: compressed RLE (pycocotools, detectron2, mmdetection, torchvision).
training: polygons along pixel edges (ultralytics, HF DETR and most trainers). uncompressed: RLE as a list (HF DETR).
Exported are the images that have annotations, whatever their state, and as negatives those that somebody marked as
empty (reviewed-empty). Other images without annotations never are, for nobody said that nothing is there.
The written file is read again and compared with the project object by object; it appears only when that proves right.`;

/** `export`: a COCO file, proven by reading it again. */
export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a COCO file and prove it by reading it again')
    .argument('<project>', 'project file, or the folder that holds it')
    .argument(
      '[file]',
      'COCO file to write (default: beside the project, named by it and by who reads it)',
    )
    .addOption(
      new Option('--profile <profile>', 'who reads it').choices(cocoProfiles).default('evaluation'),
    )
    .addOption(
      new Option('--holes <policy>', 'what polygons do with holes')
        .choices(holePolicies)
        .default('keyhole'),
    )
    .option('--tolerance <pixels>', 'how far an outline of polygons may be off', parsePixels, 0)
    .addOption(
      new Option('--states <state...>', 'only images in these states (default: in any)').choices(
        imageStates,
      ),
    )
    .addOption(new Option('--split <split>', 'only images of this split').choices(splits))
    .option(
      '--overwrite',
      'replace a file that is not an earlier export of this project for the same readers',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', exportHelp)
    .action(async (given: string, file: string | undefined, options: ExportOptions) => {
      const { json = false, ...chosen } = options;
      const progress = new Progress('export');
      const report = await withProject(given, (database) =>
        exportCoco(
          database,
          { ...chosen, file: file ?? fileBeside(database, chosen.profile) },
          {
            jobId: newId(),
            signal: interruptSignal('Stopping; nothing is written.'),
            progress: (done, total) => progress.report(done, total),
          },
        ),
      ).finally(() => progress.end());
      printResult(json, report, () => exportInWords(report));
      if (leftOut(report, 'annotations').length + report.photos.length > 0)
        process.exitCode = exitCodes.someLeftOut;
    });
}

function fileBeside({ file, name }: ProjectDatabase, profile: CocoProfile): string {
  return join(dirname(file), cocoFileName(name, profile));
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
    ...listLeftOut(leftOut(report, 'annotations')),
    ...listLeftOut(leftOut(report, 'images')),
    ...listNotes('doubt about', report.photos),
  ].join('\n');
}
