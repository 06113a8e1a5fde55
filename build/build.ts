import { buildAll } from './bundles.ts';

await buildAll();
console.log('Built dist/.');
