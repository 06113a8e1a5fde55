import { basename, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { convertCheckpoint } from '../../models/graph/convert.ts';
import { precisions, type Precision } from '../../models/manifest.ts';
import { interruptSignal } from '../interrupt.ts';
import { printResult } from '../output.ts';
import { Progress } from '../progress.ts';

interface ConvertOptions {
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

/** `convert`: a checkpoint in safetensors to a model package. */
export function addConvertCommand(program: Command): void {
  program
    .command('convert')
    .description('make a model package from a Pixel-SAIL checkpoint (safetensors, no Python)')
    .argument('<checkpoint>', 'folder with config.json, model*.safetensors and tokenizer.json')
    .argument('<target>', 'folder to make')
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
    .action(async (checkpoint: string, target: string, options: ConvertOptions) => {
      const { precision, description, license, packageVersion, sourceUrl } = options;
      const id = options.id ?? toId(basename(resolve(target)));
      const progress = new Progress('convert (MB)');
      const manifest = await convertCheckpoint(checkpoint, target, {
        precision,
        id,
        title: options.title ?? id,
        ...(packageVersion && { version: packageVersion }),
        ...(description && { description }),
        ...(license && { license }),
        ...(sourceUrl && { source: { url: sourceUrl, revision: options.sourceRevision ?? '' } }),
        signal: interruptSignal('Stopping; nothing is left behind.'),
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
    });
}

function toId(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9.-]+/g, '-')
      .replace(/^[.-]+/, '') || 'model'
  );
}
