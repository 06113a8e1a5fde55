import { openPixels } from '../../models/image/image-source.ts';
import { packGraphs } from '../../models/pack-graphs.ts';
import { serveEngineProcess } from '../../app/engine/serve-engine.ts';
import { loadFakeModel } from './fake-model.ts';

// An engine process whose model is made up: everything but the network is real.
serveEngineProcess({ loadModel: loadFakeModel, openPixels, packGraphs });
