import { readPixelSailManifest } from '../../models/families/pixel-sail/package.ts';
import { deviceTest } from '../../models/families/pixel-sail/network/device-test.ts';
import { openDevice } from '../../models/onnx/device.ts';

/**
 * `node device-child.ts PACKAGE auto|DEVICE` prints the device report as JSON, under this
 * process's environment.
 */
const [directory, requested] = process.argv.slice(2) as [string, 'auto' | 'webgpu'];
const { graphs, config } = await readPixelSailManifest(directory);
const source = { directory, graphs, hash: directory };
const { report, lease } = await openDevice(source, deviceTest(config), requested);
await lease.release();
console.log(JSON.stringify(report));
