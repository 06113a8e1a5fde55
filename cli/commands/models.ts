import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { toFileError } from '../../app/files/file-error.ts';
import { addModel, addServerModel } from '../../app/features/models/model-packages.ts';
import { listModels } from '../../app/features/models/models.ts';
import { userDataFolder } from '../../app/user-data.ts';
import { AppError, toErrorEnvelope } from '../../core/errors.ts';
import type { ImportHints } from '../../models/family.ts';
import { packGraphs } from '../../models/pack-graphs.ts';
import { readPlainText } from '../../models/plain-file.ts';
import { readManifest, serverOf, verifyPackage } from '../../models/registry.ts';
import { exitCodes } from '../exit-codes.ts';
import { interruptSignal } from '../interrupt.ts';
import { locateModel, modelFolders } from '../model.ts';
import { parseSide } from '../numbers.ts';
import { printResult, table } from '../output.ts';
import { parsePackageId } from '../package-id.ts';
import { splitList } from '../split-list.ts';

interface JsonOption {
  readonly json?: boolean;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

interface AddOptions extends JsonOption {
  readonly id: string;
  readonly license?: string;
  readonly chat?: string;
  readonly model?: string;
  readonly confirm?: boolean;
  readonly title?: string;
  readonly description?: string;
  readonly sourceUrl?: string;
  readonly sourceRevision?: string;
  readonly side?: number;
  readonly classes?: string;
  readonly mapping?: string;
}

const addHelp = `
Files are recognised by their inputs and outputs, in any order and with any names: the encoder and decoder of SAM, MobileSAM,
EdgeSAM, EfficientSAM, SAM 2 or SAM 2.1, in the layouts of segment-anything, samexporter and transformers.js; or
one YOLOv8 or YOLO11 detector, for boxes or masks, with or without NMS in the graph. Files with external weights are copied too. The package must pass its self-test.

--chat adds a model of any server that speaks the OpenAI chat API with images (vLLM, Ollama, LM Studio) for words:
  pixelsail models add --chat http://127.0.0.1:11434/v1 --model llava --id llava
Each question sends the photo and its outlined regions to that server, and to no other. Another computer needs --confirm.
The key is read from PIXELSAIL_CHAT_KEY_ID (the id in capitals, _ for other characters), else PIXELSAIL_CHAT_KEY. It is
stored nowhere.

Any other graph with boxes, scores and labels is described by --mapping FILE.json. Example of a DETR-like graph (corners also:
left-top-right-bottom, top-left-bottom-right, left-top-size; unit also: input, photo; fit also: letterbox, corner; optional:
"size": {"input": NAME, "order": "width-height"}, "labels": null for scores of every class, "firstLabel": 1 if 0 is background,
"masks": NAME for probabilities over the input, "mostOverlap": 0.7 for graphs without NMS):
  {"image": {"input": "images", "width": 640, "height": 640, "fit": "stretch", "mean": [0, 0, 0], "deviation": [255, 255, 255]},
   "boxes": {"output": "boxes", "corners": "center-size", "unit": "share"},
   "scores": "scores", "labels": "labels", "classes": ["bear", "bird"]}`;

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
    .description('make a package from exported ONNX files, or add a chat server')
    .argument('[files...]', 'for instance ENCODER.onnx DECODER.onnx')
    .requiredOption('--id <id>', 'lower-case letters, digits, dots, hyphens', parsePackageId)
    .option(
      '--license <license>',
      'licence of the weights, as their source says, for instance Apache-2.0; required for files',
    )
    .option(
      '--chat <url>',
      'instead of files: a chat server, for instance http://127.0.0.1:11434/v1',
    )
    .option('--model <name>', "with --chat: the server's own name of the model")
    .option('--confirm', 'with --chat: photos and questions may leave this computer for the server')
    .option('--title <title>', 'name for people (default: the id)')
    .option('--description <text>', 'what it is good for')
    .option('--source-url <url>', 'where the files come from')
    .option('--source-revision <revision>', 'revision of that source')
    .option('--side <pixels>', 'side of the image that it takes, where it says none', parseSide)
    .option('--classes <a,b,...>', 'classes of a detector, in its order, where it names none')
    .option('--mapping <file.json>', 'what another detector takes and gives; see below')
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
      const server = serverOf(manifest);
      const {
        id,
        title,
        version,
        description,
        license,
        source,
        precision,
        tasks,
        memory,
        classes,
      } = manifest;
      printResult(json, manifest, () =>
        [
          `${title} (${id} ${version})`,
          ...(description ? [description] : []),
          `folder     ${folder}`,
          `licence    ${license}`,
          `source     ${source.url} ${source.revision}`.trimEnd(),
          ...(server === null ? [] : [`server     ${server}, which gets the photos`]),
          `precision  ${precision}`,
          `tasks      ${tasks.join(', ')}`,
          ...(classes ? [`classes    ${classes.join(', ')}`] : []),
          `memory     ${megabytes(memory.weightsBytes)} of weights, ${megabytes(memory.workingBytes)} while answering`,
          ...manifest.files.map(({ path, bytes }) => `file       ${path}, ${megabytes(bytes)}`),
        ].join('\n'),
      );
    });
}

async function add(files: string[], options: AddOptions, command: Command): Promise<void> {
  if (options.chat !== undefined) {
    await addServer(files, { ...options, chat: options.chat }, command);
    return;
  }
  const { id, license, title = id, description, sourceUrl, sourceRevision = '' } = options;
  if (files.length === 0) command.error('error: give the ONNX files of a model, or --chat URL.');
  if (license === undefined) command.error('error: files need --license, as their source says.');
  const { model } = await addModel(
    files,
    {
      id,
      license,
      title,
      ...(description && { description }),
      ...(sourceUrl && { source: { url: sourceUrl, revision: sourceRevision } }),
      hints: await hintsOf(options),
      signal: interruptSignal('Stopping; the partial package is removed.'),
    },
    modelFolders(),
    packGraphs,
  );
  printResult(
    options.json ?? false,
    model,
    () => `Added ${id} in ${model.directory}, ${megabytes(model.bytes)}; its self-test passed.`,
  );
}

async function addServer(
  files: readonly string[],
  options: AddOptions & { readonly chat: string },
  command: Command,
): Promise<void> {
  const { id, title = id, license, chat: address, model: name, confirm = false } = options;
  if (files.length > 0) command.error('error: --chat takes no files.');
  if (name === undefined) command.error('error: --chat needs --model, as the server names it.');
  const { model } = await addServerModel(
    { ...{ address, model: name, id, title, isConfirmed: confirm }, ...(license && { license }) },
    userDataFolder(),
    modelFolders(),
    interruptSignal('Stopping; no model is added.'),
  );
  printResult(options.json ?? false, model, () =>
    [
      `Added ${id}; the server answered.`,
      `Questions to it send photos to ${model.server ?? address}.`,
    ].join('\n'),
  );
}

async function hintsOf({ side, classes, mapping }: AddOptions): Promise<ImportHints> {
  return {
    ...(side !== undefined && { side }),
    ...(classes !== undefined && { classes: splitList(classes) }),
    ...(mapping !== undefined && { mapping: await readMapping(mapping) }),
  };
}

/** @throws AppError `invalid-input` when the file is not JSON, `not-found`. */
async function readMapping(file: string): Promise<unknown> {
  const text = await readPlainText(resolve(file)).catch((thrown: unknown) => {
    throw toFileError(thrown, 'read', resolve(file));
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new AppError('invalid-input', `${file} is not JSON: ${reason}.`, {}, { cause });
  }
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
