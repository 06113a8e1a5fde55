import { createHash } from 'node:crypto';
import { isAbsolute, join, posix } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { externalFiles } from '../onnx/external-data.ts';
import type { ModelTask } from '../../core/prompt.ts';
import { manifestSchema, packagePath, type Manifest } from './manifest.ts';
import { readPackageFile, statPackageFile } from './package-file.ts';
import { openPlainFile } from '../plain-file.ts';
import { onnxFailure } from '../onnx/sentences.ts';
import { packageFailure } from './sentences.ts';

export const manifestFile = 'manifest.json';

/** Far more than any manifest or tokenizer has. */
const maximumManifestBytes = 4 << 20;
const maximumTokenizerBytes = 128 << 20;
/** The limit of protobuf; exported graphs may contain their weights. */
const maximumGraphBytes = 2 ** 31 - 1;

/** The manifest schema of a family. */
export interface ManifestRules<Own extends Manifest> {
  readonly manifest: z.ZodType<Own>;
  /** A package may offer some of them, but no others. */
  readonly tasks: readonly ModelTask[];
}

/**
 * The rules of a package's family.
 * @throws AppError `package-invalid` when there is no such family.
 */
export type RulesOf<Own extends Manifest> = (family: string, path: string) => ManifestRules<Own>;

/**
 * Reads a package's manifest without looking at its other files.
 * @throws AppError `package-invalid` when it is missing, not a plain file, not JSON or not a
 * manifest of this format
 */
export async function readFamilyManifest<Own extends Manifest>(
  directory: string,
  rulesOf: RulesOf<Own>,
): Promise<Own> {
  const path = join(directory, manifestFile);
  const bytes = await readPackageFile(directory, manifestFile, maximumManifestBytes).catch(
    (thrown: unknown) => {
      if (thrown instanceof AppError) throw thrown;
      throw packageFailure('package-invalid', 'packageNotFound', { directory, path }, thrown);
    },
  );
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw invalid(`${path} is not JSON. Install or convert the package again.`, { path }, cause);
  }
  const { family } = parseManifest(manifestSchema, json, path);
  const rules = rulesOf(family, path);
  const manifest = parseManifest(rules.manifest, json, path);
  const foreign = manifest.tasks.find((task) => !rules.tasks.includes(task));
  if (foreign !== undefined) {
    throw invalid(
      `${path} offers the task ${foreign}; models of the family ${family} can ${rules.tasks.join(', ')}.`,
      { path },
    );
  }
  refuseOddPaths(manifest, path);
  return manifest;
}

function parseManifest<Own>(schema: z.ZodType<Own>, json: unknown, path: string): Own {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(
    `${path} is not a manifest that this version reads: ${z.prettifyError(parsed.error)}`,
    { path },
  );
}

function refuseOddPaths(manifest: Manifest, path: string): void {
  const listed = new Set(manifest.files.map((file) => file.path));
  const used = [...graphFiles(manifest), ...(manifest.tokenizer ? [manifest.tokenizer] : [])];
  const unlisted = used.find((file) => !listed.has(file));
  if (unlisted !== undefined) {
    throw invalid(`${path} uses the file ${unlisted} but does not list it with its hash.`, {
      path,
    });
  }
  const outside = [...listed].find(
    (file) => isAbsolute(file) || file.split(/[/\\]/).includes('..'),
  );
  if (outside !== undefined) {
    throw invalid(`${path} lists the file ${outside}, which lies outside the package.`, { path });
  }
  const odd = [...listed].find((file) => !packagePath.test(file));
  if (odd !== undefined) {
    throw invalid(
      `${path} lists the file ${JSON.stringify(odd)}; names consist of letters, digits, dots, hyphens and underscores.`,
      { path },
    );
  }
}

function graphFiles({ graphs }: Manifest): string[] {
  return Object.values(graphs).flatMap(({ file, plainFile, integerFile }) =>
    [file, plainFile, integerFile].filter((path) => path !== undefined),
  );
}

/**
 * Checks that every file of a package is a plain file with the listed size and sha256, and that
 * its graphs take weights from listed files only.
 * @throws AppError `package-invalid` naming the file, what was expected and what was found
 */
export async function verifyFamilyPackage<Own extends Manifest>(
  directory: string,
  rulesOf: RulesOf<Own>,
): Promise<Own> {
  const manifest = await readFamilyManifest(directory, rulesOf);
  await checkSizes(directory, manifest);
  for (const { path, sha256 } of manifest.files) {
    const file = join(directory, path);
    const hash = await hashFile(file);
    if (hash !== sha256) {
      const parts = { path: file, expected: sha256, found: hash };
      throw packageFailure('package-invalid', 'packageFileContent', parts);
    }
  }
  await refuseUnlistedWeights(directory, manifest);
  return manifest;
}

/**
 * Checks that every file of a package is a plain file of the listed size, without reading any.
 * @throws AppError `package-invalid` naming the file, what was expected and what was found
 */
export async function checkSizes(directory: string, manifest: Manifest): Promise<void> {
  const graphs = new Set(graphFiles(manifest));
  for (const { path, bytes } of manifest.files) {
    const file = join(directory, path);
    const { size } = await statPackageFile(directory, path).catch((thrown: unknown) => {
      if (thrown instanceof AppError) throw thrown;
      const parts = { id: manifest.id, path: file };
      throw packageFailure('package-invalid', 'packageFileMissing', parts, thrown);
    });
    if (size !== bytes) {
      const parts = { path: file, expected: bytes, found: size };
      throw packageFailure('package-invalid', 'packageFileSize', parts);
    }
    const maximumBytes = graphs.has(path)
      ? maximumGraphBytes
      : path === manifest.tokenizer
        ? maximumTokenizerBytes
        : Infinity;
    if (size > maximumBytes) {
      throw onnxFailure('package-invalid', 'packageFileTooLarge', {
        path: file,
        bytes,
        maximumBytes,
      });
    }
  }
}

/**
 * onnxruntime opens whatever file a graph names; what the manifest does not list was hashed by
 * nobody.
 */
async function refuseUnlistedWeights(directory: string, manifest: Manifest): Promise<void> {
  const listed = new Set(manifest.files.map((file) => file.path));
  for (const graph of new Set(graphFiles(manifest))) {
    const path = join(directory, graph);
    const bytes = await readPackageFile(directory, graph, maximumGraphBytes);
    let named: ReadonlySet<string>;
    try {
      named = externalFiles(bytes);
    } catch (cause) {
      const parts = { path, reason: (cause as Error).message };
      throw onnxFailure('package-invalid', 'packageGraphUnreadable', parts, cause);
    }
    const isListed = (file: string) =>
      packagePath.test(file) && listed.has(posix.join(posix.dirname(graph), file));
    const unlisted = [...named].find((file) => !isListed(file));
    if (unlisted === undefined) continue;
    throw packageFailure('package-invalid', 'packageFileUnlisted', { path, file: unlisted });
  }
}

/** sha256 of a file in hexadecimal, read as a stream. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await openPlainFile(path);
  for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function invalid(message: string, detail: Record<string, unknown>, cause?: unknown): AppError {
  return new AppError('package-invalid', message, detail, { cause });
}

/**
 * sha256 over the manifest's file hashes and what answers depend on as much: the configuration, and
 * names and least score of what is found.
 */
export function packageHash(manifest: Manifest): string {
  const files = manifest.files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).toSorted();
  const { config, classes, minimumScore } = manifest;
  const found = classes === undefined ? [] : [JSON.stringify({ classes, minimumScore })];
  return createHash('sha256')
    .update([...files, JSON.stringify(config), ...found].join(''))
    .digest('hex');
}
