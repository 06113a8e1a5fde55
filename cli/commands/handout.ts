import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { mergeHandout, type MergeReport } from '../../app/features/handout/merge-handout.ts';
import { makeHandout } from '../../app/jobs/kinds/make-handout.ts';
import type { MergeConflict, MergeDecision } from '../../core/project/merge-changes.ts';
import { imageStates, splits, type ImageState, type Split } from '../../core/records.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { count, listLeftOut, printResult } from '../output.ts';
import { Progress } from '../progress.ts';
import { addPersonOption, withProject } from '../project.ts';

interface HandoutOptions {
  readonly states?: ImageState[];
  readonly split?: Split;
  readonly photos: boolean;
  readonly json?: boolean;
}

interface MergeOptions {
  readonly conflicts: MergeDecision;
  readonly by?: string;
  readonly json?: boolean;
}

/** `handout` and `merge`. */
export function addHandoutCommands(program: Command): void {
  program
    .command('handout')
    .description('write a part of a project to a file for a colleague')
    .argument('<project>', 'project file or its folder')
    .argument('<file>', 'project file to write, or zip archive of it with its photos')
    .addOption(
      new Option('--states <state...>', 'only images in these states (default: all)').choices(
        imageStates,
      ),
    )
    .addOption(new Option('--split <split>', 'only images of this split').choices(splits))
    .option('--photos', 'copy the photos into a folder beside the file, "NAME photos"', false)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nThe file opens as a separate project. It stores the paths of the photos relative to its folder. With --photos, the\n' +
        'photos are copied beside it: send that folder along. A zip archive holds the photos, too; it is opened as it is.\n' +
        'Merge the changes of the colleague with: pixelsail merge',
    )
    .action(async (given: string, file: string, { json = false, ...chosen }: HandoutOptions) => {
      const request = { file: resolve(file), ...chosen, hasPhotos: chosen.photos };
      const signal = interruptSignal('Stopping; nothing is handed out.');
      const made = await runJob(makeHandout, request, { project: given, label: 'handout', signal });
      printResult(json, made, () =>
        [
          `Wrote ${made.file} with ${count(made.images, 'image')}`,
          ...(made.photos === null ? [] : [`  photos: ${made.photos}`]),
          ...listLeftOut(made.leftOut),
        ].join('\n'),
      );
      if (made.leftOut.length > 0) process.exitCode = exitCodes.someLeftOut;
    });

  const merge = program
    .command('merge')
    .description('merge the changes of a colleague in a handout into the project')
    .argument('<project>', 'project file or its folder')
    .argument(
      '<file>',
      'output of `handout`, edited by the colleague; a zip archive that holds it is read, too',
    )
    .addOption(
      new Option('--conflicts <side>', 'side that wins a conflict: this project or the handout')
        .choices(['here', 'there'])
        .default('here'),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nRecords are merged field by field, as one step that can be undone. Conflicts are always listed.',
    );
  addPersonOption(merge).action(
    async (given: string, file: string, { conflicts, by, json = false }: MergeOptions) => {
      const progress = new Progress('merge');
      const context = {
        signal: interruptSignal('Stopping; nothing is merged.'),
        progress: (done: number, total: number | null) => progress.report(done, total),
      };
      const report = await withProject(
        given,
        (database) => mergeHandout(database, resolve(file), () => conflicts, context),
        by,
      ).finally(() => progress.end());
      printResult(json, report, () => inWords(report, conflicts));
      const isOpen = report.conflicts.length > 0 && conflicts === 'here';
      if (isOpen || report.leftOut.length > 0) process.exitCode = exitCodes.someLeftOut;
    },
  );
}

function inWords(report: MergeReport, decision: MergeDecision): string {
  const { file, added, updated, removed, conflicts, leftOut } = report;
  return [
    added + updated + removed === 0
      ? `${file} has no changes that the project lacks. Nothing was merged.`
      : `Merged ${file}: ${count(added, 'record')} added, ${updated} changed, ${removed} removed`,
    ...conflicts.map((conflict) => `  conflict: ${conflictInWords(conflict)}; kept: ${decision}`),
    ...leftOut.map(({ kind, id }) => `  left out: ${kind} ${id}, for what it is about is gone`),
  ].join('\n');
}

function conflictInWords({ reason, here, there, fields }: MergeConflict): string {
  const { kind, id } = (here ?? there)!;
  const how = {
    'changed-by-both': `both changed ${fields.join(', ')}`,
    'removed-here': 'removed here and changed there',
    'removed-there': 'removed there, and changed or written about here',
  };
  return `${kind} ${id}: ${how[reason]}`;
}
