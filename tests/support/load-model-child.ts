import { toErrorEnvelope } from '../../core/errors.ts';
import { loadModel } from '../../models/load-model.ts';

// Loads the model of a package in an environment of its own, and says where it runs.
const said = await loadModel(process.argv[2]!).then(({ device }) => device.used, toErrorEnvelope);
process.send!(said, () => process.exit());
