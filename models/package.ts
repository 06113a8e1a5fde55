import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { AppError, failure } from '../core/errors.ts';
import { graphRoles, manifestSchema, type Manifest } from './manifest.ts';
import { openPlainFile, readPlainText } from './plain-file.ts';

export const manifestFile = 'manifest.json';

/**
 * Reads a package's manifest without looking at its other files.
 * @throws AppError `package-invalid` when it is missing, not JSON or not a manifest of this format
 */
export async function readManifest(directory: string): Promise<Manifest> {
  const path = join(directory, manifestFile);
  const text = await readPlainText(path).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw failure('package-invalid', 'packageNotFound', { directory, path }, cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(`${path} is not JSON. Install or convert the package again.`, { path }, cause);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    throw invalid(
      `${path} is not a manifest that this version reads: ${z.prettifyError(parsed.error)}`,
      { path },
    );
  }
  const listed = new Set(parsed.data.files.map((file) => file.path));
  const graphFiles = graphRoles.flatMap((role) => {
    const { file, plainFile } = parsed.data.graphs[role];
    return plainFile === undefined ? [file] : [file, plainFile];
  });
  const named = [...graphFiles, parsed.data.tokenizer];
  const unlisted = named.find((file) => !listed.has(file));
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
  return parsed.data;
}

/**
 * Checks that every file of a package is there with the listed size and sha256.
 * @throws AppError `package-invalid` naming the file, what was expected and what was found
 */
export async function verifyPackage(directory: string): Promise<Manifest> {
  const manifest = await readManifest(directory);
  for (const { path, sha256, bytes } of manifest.files) {
    const file = join(directory, path);
    const found = await stat(file).catch((cause: unknown) => {
      const parts = { id: manifest.id, path: file };
      throw failure('package-invalid', 'packageFileMissing', parts, cause);
    });
    if (found.size !== bytes) {
      const parts = { path: file, expected: bytes, found: found.size };
      throw failure('package-invalid', 'packageFileSize', parts);
    }
    const hash = await hashFile(file);
    if (hash !== sha256) {
      const parts = { path: file, expected: sha256, found: hash };
      throw failure('package-invalid', 'packageFileContent', parts);
    }
  }
  return manifest;
}

/** sha256 of a file in hexadecimal, read as a stream. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await openPlainFile(path);
  for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function invalid(message: string, detail: Record<string, unknown>, cause?: unknown): AppError {
  return new AppError('package-invalid', message, detail, { cause });
}
