import { readManifest } from '../../models/package/package.ts';
import { openDevice } from '../../models/onnx/device.ts';

/** `node device-child.ts PACKAGE auto|DEVICE` prints the device report as JSON, under this process's environment. */
const [directory, requested] = process.argv.slice(2) as [string, 'auto' | 'webgpu'];
const source = { directory, manifest: await readManifest(directory), hash: directory };
const { report, lease } = await openDevice(source, requested);
await lease.release();
console.log(JSON.stringify(report));
