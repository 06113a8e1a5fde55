import { readFamilyManifest, verifyFamilyPackage } from '../../package/package.ts';
import { pixelSail } from './family.ts';
import type { PixelSailManifest } from './manifest.ts';

/**
 * The manifest of a package that has to be of this family.
 * @throws AppError `package-invalid` when it is missing, of another family, or no manifest of this
 * format
 */
export function readPixelSailManifest(directory: string): Promise<PixelSailManifest> {
  return readFamilyManifest(directory, () => pixelSail);
}

/**
 * Checks the files of a package that has to be of this family.
 * @throws AppError `package-invalid` naming the file, what was expected and what was found
 */
export function verifyPixelSailPackage(directory: string): Promise<PixelSailManifest> {
  return verifyFamilyPackage(directory, () => pixelSail);
}
