import { writeSync } from 'node:fs';
import { ApplicationUnderTest } from '../application-under-test.ts';
import { operate, roundFiles, type Operation } from './operations.ts';

// Does one operation and is killed in it. Arguments: operation, folder of the round. Says `began`
// and `done`.

const [operation, folder] = process.argv.slice(2) as [Operation, string];
const application = await ApplicationUnderTest.make();
writeSync(1, 'began\n');
await operate(operation, application, roundFiles(folder));
writeSync(1, 'done\n');
process.exit();
