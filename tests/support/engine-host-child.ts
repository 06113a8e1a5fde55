import { EngineClient } from '../../app/engine/engine-client.ts';
import type { ModelRequest } from '../../core/prompt.ts';
import { fileSource } from '../../models/image/image-source.ts';

// A host whose engine is deaf; it says so when the engine has begun.
const [entry, directory, photo] = process.argv.slice(2) as [string, string, string];
const engine = new EngineClient({ entry, onStatus: () => undefined });
await engine.load({ modelId: 'fake', directory, device: 'cpu' });
const request: ModelRequest = { task: 'segment', text: 'block', regions: [] };
const onProgress = () => process.send!('deaf');
engine.ask(fileSource(photo), request, { onProgress }).catch(() => undefined);
