import { basename, dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { newOutput } from '../../app/files/output-file.ts';
import { toPackageId } from '../../app/features/models/package-id.ts';
import { makeFolder } from '../../app/files/folders.ts';
import { checkpointFromPackage } from '../../models/families/pixel-sail/convert/checkpoint-from-package.ts';
import { convertCheckpoint } from '../../models/families/pixel-sail/convert/convert.ts';
import { precisions, type Precision } from '../../core/precision.ts';
import { interruptSignal } from '../interrupt.ts';
import { locateModel } from '../model.ts';
import { printResult } from '../output.ts';
import { Progress } from '../progress.ts';

const nothingLeft = 'Stopping; nothing is left behind.';
const kinds = ['package', 'checkpoint'] as const;

interface ConvertOptions {
  readonly to: (typeof kinds)[number];
  readonly precision: Precision;
  readonly id?: string;
  readonly title?: string;
  readonly packageVersion?: string;
  readonly description?: string;
  readonly license?: string;
  readonly sourceUrl?: string;
  readonly sourceRevision?: string;
  readonly json?: boolean;
}

const convertHelp = `
--to checkpoint turns a package (its folder, or the id of an installed one) back into a checkpoint in float32, to train
on from it; what the package's precision has rounded stays rounded.`;

/** `convert`: a checkpoint in safetensors to a model package, or back. */
export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description(
      'make a model package from a Pixel-SAIL checkpoint (safetensors, no Python), or back',
    )
    .argument('<source>', 'folder with config.json, model*.safetensors and tokenizer.json')
    .argument('<target>', 'folder to make')
    .addOption(new Option('--to <kind>', 'what to make').choices(kinds).default('package'))
    .addOption(
      new Option('--precision <precision>', 'of the weights').choices(precisions).default('fp16'),
    )
    .option('--id <id>', 'lower-case letters, digits, dots, hyphens (default: from the target)')
    .option('--title <title>', 'name for people (default: the id)')
    .option('--package-version <version>', 'version of the package')
    .option('--description <text>', 'what it is good for')
    .option('--license <license>', 'licence of the weights')
    .option('--source-url <url>', 'where the checkpoint comes from')
    .option('--source-revision <revision>', 'revision of that source')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', convertHelp)
    .action(convert);
}

async function convert(source: string, target: string, options: ConvertOptions): Promise<void> {
  await newOutput(target, options.to === 'package' ? 'package' : 'other');
  await makeFolder(dirname(resolve(target)));
  if (options.to === 'package') await convertToPackage(source, target, options);
  else await convertToCheckpoint(source, target, options);
}

async function convertToCheckpoint(
  source: string,
  target: string,
  { json = false }: ConvertOptions,
): Promise<void> {
  const signal = interruptSignal(nothingLeft);
  const manifest = await checkpointFromPackage(await locateModel(source), target, signal);
  printResult(json, manifest, () => `Made a checkpoint of ${manifest.id} in ${target}, in float32`);
}

async function convertToPackage(
  checkpoint: string,
  target: string,
  options: ConvertOptions,
): Promise<void> {
  const { precision, description, license, packageVersion, sourceUrl } = options;
  const id = options.id ?? toPackageId(basename(resolve(target)));
  const progress = new Progress('convert (MB)');
  const manifest = await convertCheckpoint(checkpoint, target, {
    precision,
    id,
    title: options.title ?? id,
    ...(packageVersion && { version: packageVersion }),
    ...(description && { description }),
    ...(license && { license }),
    ...(sourceUrl && { source: { url: sourceUrl, revision: options.sourceRevision ?? '' } }),
    signal: interruptSignal(nothingLeft),
    onProgress: ({ doneBytes, totalBytes }) =>
      progress.report(Math.round(doneBytes / 1e6), Math.round(totalBytes / 1e6)),
  });
  progress.end();
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  printResult(
    options.json ?? false,
    manifest,
    () =>
      `Made the ${precision} package ${manifest.id} in ${target}, ${(bytes / 1e6).toFixed(1)} MB`,
  );
}
