import { fileURLToPath } from 'node:url';
import { buildAll } from './bundles.ts';
import { packApplication } from './pack-application.ts';

// `npm run pack [-- --dir]`: this platform's installers in release/, or with --dir the unpacked
// application.

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
await buildAll();
const made = await packApplication({ asFolder: process.argv.includes('--dir') });
console.log(`Packed ${made.join(', ') || 'release/'}`);
