import { chat } from './families/chat/family.ts';
import { detector } from './families/detector/family.ts';
import { pixelSail } from './families/pixel-sail/family.ts';
import { sam } from './families/sam/family.ts';
import type { Family } from './family.ts';
import type { Manifest } from './package/manifest.ts';
import { readFamilyManifest, verifyFamilyPackage } from './package/package.ts';
import { modelFailure } from './sentences.ts';

/** The families whose packages can be read and loaded. */
export const families: readonly Family[] = [pixelSail, sam, detector, chat];

/**
 * @throws AppError `package-invalid` when no family has the id.
 * @param path of the manifest that names it
 */
export function findFamily(id: string, path: string, known = families): Family {
  const family = known.find((candidate) => candidate.id === id);
  if (family) return family;
  const ids = known.map((candidate) => candidate.id);
  throw modelFailure('package-invalid', 'packageFamilyUnknown', { path, family: id, known: ids });
}

/**
 * Reads the manifest of a package of any family without looking at its other files.
 * @throws AppError `package-invalid` when it is missing, no manifest of this format, or of an
 * unknown family
 */
export function readManifest(directory: string, known = families): Promise<Manifest> {
  return readFamilyManifest(directory, (id, path) => findFamily(id, path, known));
}

/** The address of the server that gets the photos; null where they stay in this program. */
export function serverOf(manifest: Manifest, known = families): string | null {
  const family = known.find(({ id }) => id === manifest.family);
  return family?.server?.addressOf(manifest) ?? null;
}

/**
 * Checks that every file of a package of any family is a plain file with the listed size and
 * sha256, and that its graphs take weights from listed files only.
 * @throws AppError `package-invalid` naming the file, what was expected and what was found
 */
export function verifyPackage(directory: string, known = families): Promise<Manifest> {
  return verifyFamilyPackage(directory, (id, path) => findFamily(id, path, known));
}
