import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { toPackageId } from '../../app/features/models/package-id.ts';
import { convert as convertJob } from '../../app/jobs/kinds/convert.ts';
import { makeCheckpoint } from '../../app/jobs/kinds/make-checkpoint.ts';
import { precisions, type Precision } from '../../core/precision.ts';
import { readManifest } from '../../models/registry.ts';
import { absolutePath } from '../absolute-path.ts';
import { interruptSignal } from '../interrupt.ts';
import { runJob, type JobOptions } from '../jobs.ts';
import { locateModel } from '../model.ts';
import { printResult } from '../output.ts';

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
--to checkpoint converts a package (its folder, or the id of an installed one) to a checkpoint in float32 for further
training; weights stay rounded to the precision of the package.`;

/** `convert`: converts a checkpoint in safetensors to a model package, or back. */
export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description(
      'convert a Pixel-SAIL checkpoint (safetensors) to a model package, or back, without Python',
    )
    .argument('<source>', 'folder with config.json, model*.safetensors and tokenizer.json')
    .argument('<target>', 'folder to create')
    .addOption(new Option('--to <kind>', 'kind of output').choices(kinds).default('package'))
    .addOption(
      new Option('--precision <precision>', 'precision of the weights')
        .choices(precisions)
        .default('fp16'),
    )
    .option('--id <id>', 'lower-case letters, digits, dots, hyphens (default: from the target)')
    .option('--title <title>', 'displayed name (default: the id)')
    .option('--package-version <version>', 'version of the package')
    .option('--description <text>', 'description of the intended use')
    .option('--license <license>', 'licence of the weights')
    .option('--source-url <url>', 'address of the checkpoint')
    .option('--source-revision <revision>', 'revision of the checkpoint')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', convertHelp)
    .action(convert);
}

async function convert(source: string, target: string, options: ConvertOptions): Promise<void> {
  const about = {
    label: 'convert',
    signal: interruptSignal('Stopping; the partial output is removed.'),
  };
  if (options.to === 'package') await convertToPackage(source, target, options, about);
  else await convertToCheckpoint(source, target, options, about);
}

async function convertToCheckpoint(
  source: string,
  target: string,
  { json = false }: ConvertOptions,
  about: JobOptions,
): Promise<void> {
  const model = await locateModel(source);
  await runJob(makeCheckpoint, { model, target: absolutePath(target) }, about);
  const manifest = await readManifest(model);
  printResult(json, manifest, () => `Made a checkpoint of ${manifest.id} in ${target}, in float32`);
}

async function convertToPackage(
  checkpoint: string,
  target: string,
  options: ConvertOptions,
  about: JobOptions,
): Promise<void> {
  const { precision, description, license, packageVersion: version, sourceUrl: url } = options;
  const id = options.id ?? toPackageId(basename(absolutePath(target)));
  const { model } = await runJob(
    convertJob,
    {
      ...{ checkpoint: absolutePath(checkpoint), target: absolutePath(target), precision, id },
      ...{ title: options.title ?? id, version, description, license },
      source: url === undefined ? undefined : { url, revision: options.sourceRevision ?? '' },
    },
    about,
  );
  printResult(
    options.json ?? false,
    await readManifest(model.directory),
    () => `Made the ${precision} package ${id} in ${target}, ${(model.bytes / 1e6).toFixed(1)} MB`,
  );
}
