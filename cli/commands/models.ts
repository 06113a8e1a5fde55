import { basename } from 'node:path';
import type { Command } from 'commander';
import { listModels } from '../../app/features/models/models.ts';
import { toErrorEnvelope } from '../../core/errors.ts';
import { readManifest, verifyPackage } from '../../models/registry.ts';
import { exitCodes } from '../exit-codes.ts';
import { locateModel, modelFolders } from '../model.ts';
import { printResult, table } from '../output.ts';

interface JsonOption {
  readonly json?: boolean;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** `models list`, `models verify` and `models show`. */
export function addModelsCommand(program: Command): void {
  const models = program.command('models').description('the installed model packages');

  models
    .command('list', { isDefault: true })
    .description('list them')
    .option('--json', 'print JSON')
    .action(async ({ json = false }: JsonOption) => {
      const installed = await listModels(modelFolders);
      printResult(json, installed, () =>
        installed.length === 0
          ? `No model is installed in ${modelFolders.join(' or ')}.`
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
    .command('verify')
    .description('check every file of packages against its size and sha256')
    .argument('[model...]', 'folders or ids (default: all that are installed)')
    .option('--json', 'print JSON')
    .action(async (given: string[], { json = false }: JsonOption) => {
      const folders =
        given.length > 0
          ? await Promise.all(given.map(locateModel))
          : (await listModels(modelFolders)).map(({ directory }) => directory);
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
    .description('what a package says about itself')
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
