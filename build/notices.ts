import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes THIRD_PARTY_NOTICES.md: every package that ships with the application, with its licence
 * as its own package.json states it. Run after a change of dependencies: `npm run notices`.
 */
interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/**
 * Bundled into the interface at build time, therefore shipped although npm calls them development
 * dependencies.
 */
const bundled = ['svelte', 'konva', 'virtua', '@lucide/svelte', 'rbush', 'quickselect', 'electron'];

const root = path.resolve(import.meta.dirname, '..');
const lock = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

const rows = Object.entries(lock.packages)
  .filter(([location]) => location.startsWith('node_modules/'))
  .map(([location, locked]) => ({ name: location.replace(/^.*node_modules\//, ''), locked }))
  .filter(({ name, locked }) => !locked.dev || bundled.includes(name))
  .map(
    ({ name, locked }) => `| ${name} | ${locked.version} | ${locked.license ?? 'see package'} |`,
  );

const notices = `# Third-party notices

Pixel-SAIL Studio is licensed under Apache-2.0 (LICENSE). It ships with the packages below, each under the
licence named; their full texts are in the packages themselves. libvips inside sharp is LGPL-3.0 and is
linked dynamically. The model architecture follows the authors' code for Pixel-SAIL (Apache-2.0); no code
of it is included. The function words of METEOR 1.5 are listed as in its jar (LGPL), of which no code is
included. The sample photos and their licences are in demo/photos/ATTRIBUTION.md; the model's
training data is described in models/catalog/pixel-sail-nano/README.md.

| package | version | licence |
| --- | --- | --- |
${[...new Set(rows)].sort().join('\n')}
`;
writeFileSync(path.join(root, 'THIRD_PARTY_NOTICES.md'), notices);
