import type { Command } from 'commander';
import type { TrainingReport } from '../../app/api/contract/jobs.ts';
import { finetune } from '../../app/jobs/kinds/finetune.ts';
import { scoredPrompts } from '../../core/training.ts';
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
Trains on the images marked as done, or on all images with masks if none is marked. The images of the splits validation and
test are held out, or about one image in seven if there are none; the model is scored on them before and after. Training needs
Python 3.11 or later; its packages are installed once, into a separate folder of the user data. PyTorch uses a GPU if there is
one. Ctrl-C keeps the trained state; the same command continues from there.`;

/** `finetune`: trains a model package on the labels of a project. */
export function addFinetuneCommand(program: Command): void {
  program
    .command('finetune')
    .description('fine-tune a model on the labels of a project, and score it before and after')
    .argument('<project>', 'project file or its folder')
    .option('--model <folder>', 'model package to start from, or the id of an installed one')
    .option('--minutes <number>', 'minutes of training, earlier runs included', parseMinutes, 15)
    .option(
      '--id <id>',
      'id of the new package (default: from the name of the project)',
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
          signal: interruptSignal('Stopping; the trained state is kept.', { waitsOnCtrlC: true }),
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
