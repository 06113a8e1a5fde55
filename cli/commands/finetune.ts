import type { Command } from 'commander';
import type { TrainingReport } from '../../app/api/contract/jobs.ts';
import { scoredPrompts } from '../../app/features/finetune/held-out-scores.ts';
import { finetune } from '../../app/jobs/kinds/finetune.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob } from '../jobs.ts';
import { locateModel } from '../model.ts';
import { parseMinutes } from '../numbers.ts';
import { count, listLeftOut, printResult, table } from '../output.ts';
import { parsePackageId } from '../package-id.ts';

interface FinetuneCommandOptions {
  readonly model?: string;
  readonly minutes: number;
  readonly id?: string;
  readonly json?: boolean;
}

const finetuneHelp = `
Learns from the images that are done (or, where none is marked so, from all that have masks). About one in seven is held
out, or those that the project keeps for validation or test, and the model is measured on them before and after. Training
needs Python 3.11 or later; its packages are installed once, into a folder of their own among your data. A GPU is used
where PyTorch sees one. Ctrl-C keeps what is trained; the same command goes on from there.`;

/** `finetune`: a project's labels to a model package of its own. */
export function addFinetuneCommand(program: Command): void {
  program
    .command('finetune')
    .description('train a model on with the labels of a project, and measure what it gained')
    .argument('<project>', 'project file, or the folder that holds it')
    .option('--model <folder>', 'model package to start from, or the id of an installed one')
    .option('--minutes <number>', 'of training, earlier sittings included', parseMinutes, 15)
    .option(
      '--id <id>',
      'of the new package (default: from the name of the project)',
      parsePackageId,
    )
    .option('--json', 'print JSON')
    .addHelpText('after', finetuneHelp)
    .action(async (given: string, { model, minutes, id, json = false }: FinetuneCommandOptions) => {
      const result = await runJob(
        finetune,
        { model: await locateModel(model), minutes, ...(id !== undefined && { id }) },
        {
          project: given,
          label: 'finetune',
          signal: interruptSignal('Stopping; what is trained is kept.', { waitsOnCtrlC: true }),
        },
      );
      printResult(json, result, () => inWords(result));
    });
}

function inWords(result: TrainingReport): string {
  const { before, after, images, annotations } = result;
  const gains = scoredPrompts.map((prompt) => after[prompt].miou - before[prompt].miou);
  return [
    `Made the package ${result.id} in ${result.package}`,
    `  from ${result.base.id} ${result.base.version} and ${count(images.training, 'image')} ` +
      `(${count(annotations, 'mask')}), ${result.minutes.toFixed(1)} minutes, ${result.samples} samples on ${result.device}`,
    table([
      [`mIoU on ${count(images.heldOut, 'held-out image')}`, 'before', 'after', 'objects'],
      ...scoredPrompts.map((prompt) => [
        `  ${prompt}`,
        before[prompt].miou.toFixed(3),
        after[prompt].miou.toFixed(3),
        String(after[prompt].count),
      ]),
    ]),
    ...(gains.some((gain) => gain > 0)
      ? []
      : [
          `It did not get better on the held-out images: ${result.base.id} may know such objects already. ` +
            'Keep using that, or label more of what it gets wrong.',
        ]),
    ...listLeftOut(result.skipped),
    `Use it: pixelsail annotate PROJECT --model ${result.id} …, or choose it in the window.`,
    `${result.workFolder} is kept for going on with more --minutes; remove it when you are content.`,
  ].join('\n');
}
