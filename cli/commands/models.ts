import { basename } from 'node:path';
import type { Command } from 'commander';
import { addModel } from '../../app/features/models/model-packages.ts';
import { listModels } from '../../app/features/models/models.ts';
import { toErrorEnvelope } from '../../core/errors.ts';
import { readManifest, verifyPackage } from '../../models/registry.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { locateModel, modelFolders } from '../model.ts';
import { parseSide } from '../numbers.ts';
import { printResult, table } from '../output.ts';
import { parsePackageId } from '../package-id.ts';

interface JsonOption {
  readonly json?: boolean;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

interface AddOptions extends JsonOption {
  readonly id: string;
  readonly license: string;
  readonly title?: string;
  readonly description?: string;
  readonly sourceUrl?: string;
  readonly sourceRevision?: string;
  readonly side?: number;
}

const addHelp = `
Files are recognised by their inputs and outputs, in any order and with any names: the encoder and decoder of SAM, MobileSAM,
EdgeSAM, EfficientSAM, SAM 2 or SAM 2.1, in the layouts of segment-anything, samexporter and transformers.js. Files with
external weights are copied too. The package must pass its self-test.`;

/** `models list`, `models add`, `models verify` and `models show`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('manage the installed model packages');

  models
    .command('list', { isDefault: true })
    .description('list the installed packages')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: JsonOption) => {
      const installed = await listModels(modelFolders());
      printResult(json, installed, () =>
        installed.length === 0
          ? `No model is installed in ${modelFolders().join(' or ')}.`
          : table([
              ['id', 'version', 'precision', 'size', 'licence', 'folder'],
              ...installed.map(({ id, version, precision, bytes, license, directory }) => [
                id,
                version,
                precision,
                megabytes(bytes),
                license,
                directory,
              ]),
            ]),
      );
    });

  models
    .command('add')
    .description('make a package from exported ONNX files')
    .argument('<files...>', 'for instance ENCODER.onnx DECODER.onnx')
    .requiredOption('--id <id>', 'lower-case letters, digits, dots, hyphens', parsePackageId)
    .requiredOption(
      '--license <license>',
      'licence of the weights, as their source says, for instance Apache-2.0',
    )
    .option('--title <title>', 'name for people (default: the id)')
    .option('--description <text>', 'what it is good for')
    .option('--source-url <url>', 'where the files come from')
    .option('--source-revision <revision>', 'revision of that source')
    .option('--side <pixels>', 'side of the image that it takes, where it says none', parseSide)
    .option('--json', 'print JSON')
    .addHelpText('after', addHelp)
    .action(add);

  models
    .command('verify')
    .description('compare every file of packages with its size and sha256')
    .argument('[model...]', 'folders or ids (default: all that are installed)')
    .option('--json', 'print JSON')
    .action(async (given: string[], { json = false }: JsonOption) => {
      const folders =
        given.length > 0
          ? await Promise.all(given.map(locateModel))
          : (await listModels(modelFolders())).map(({ directory }) => directory);
      const verdicts: Verdict[] = [];
      for (const folder of folders) verdicts.push(await verify(folder));
      printResult(json, verdicts, () =>
        verdicts.length === 0
          ? 'No model is installed.'
          : verdicts.map(({ folder, problem }) => `${folder}: ${problem ?? 'whole'}`).join('\n'),
      );
      if (verdicts.some(({ problem }) => problem !== null)) process.exitCode = exitCodes.badInput;
    });

  models
    .command('show')
    .description('print the manifest and the card of a package')
    .argument('[model]', 'folder or id')
    .option('--json', 'print JSON')
    .action(async (given: string | undefined, { json = false }: JsonOption) => {
      const folder = await locateModel(given);
      const manifest = await readManifest(folder);
      const { id, title, version, description, license, source, precision, tasks, memory } =
        manifest;
      printResult(json, manifest, () =>
        [
          `${title} (${id} ${version})`,
          ...(description ? [description] : []),
          `folder     ${folder}`,
          `licence    ${license}`,
          `source     ${source.url} ${source.revision}`.trimEnd(),
          `precision  ${precision}`,
          `tasks      ${tasks.join(', ')}`,
          `memory     ${megabytes(memory.weightsBytes)} of weights, ${megabytes(memory.workingBytes)} while answering`,
          ...manifest.files.map(({ path, bytes }) => `file       ${path}, ${megabytes(bytes)}`),
        ].join('\n'),
      );
    });
}

async function add(files: string[], options: AddOptions): Promise<void> {
  const { id, license, title = id, description, sourceUrl, sourceRevision = '', side } = options;
  const { model } = await addModel(
    files,
    {
      id,
      license,
      title,
      ...(description && { description }),
      ...(sourceUrl && { source: { url: sourceUrl, revision: sourceRevision } }),
      ...(side && { side }),
      signal: interruptSignal('Stopping; the partial package is removed.'),
    },
    modelFolders(),
  );
  printResult(
    options.json ?? false,
    model,
    () => `Added ${id} in ${model.directory}, ${megabytes(model.bytes)}; its self-test passed.`,
  );
}

interface Verdict {
  readonly model: string;
  readonly folder: string;
  readonly problem: string | null;
}

async function verify(folder: string): Promise<Verdict> {
  try {
    const { id } = await verifyPackage(folder);
    return { model: id, folder, problem: null };
  } catch (thrown) {
    return { model: basename(folder), folder, problem: toErrorEnvelope(thrown).message };
  }
}
