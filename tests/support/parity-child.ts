import { compareWithFixture, readParityFixture } from './parity-fixture.ts';
import { computeParityArrays } from './parity-run.ts';

/**
 * `node parity-child.ts FIXTURE PACKAGE` prints the parity rows on webgpu as JSON. A process of
 * its own, because the Vulkan driver is chosen by its environment.
 */
const [fixtureFolder, packageFolder] = process.argv.slice(2) as [string, string];
const fixture = await readParityFixture(fixtureFolder);
const arrays = await computeParityArrays(fixture, packageFolder, 'webgpu');
console.log(JSON.stringify(compareWithFixture(fixture.expected, arrays)));
