import { openPixels } from '../../models/image/image-source.ts';
import { loadModel } from '../../models/load-model.ts';
import { packGraphs } from '../../models/pack-graphs.ts';
import { userDataFolder } from '../user-data.ts';
import { cpuChoice } from './cpu-plans.ts';
import { serveEngineProcess } from './serve-engine.ts';

// Entry of the engine process. session.run() blocks its thread and a native crash takes its
// process down, so inference has a process of its own.
serveEngineProcess({
  loadModel: (directory, options, onMeasuring) => {
    const cpu = { ...cpuChoice(userDataFolder(), true), onMeasuring };
    return loadModel(directory, { ...options, cpu });
  },
  openPixels,
  packGraphs,
});
