import { Command, CommanderError } from 'commander';
import { addAnnotateCommand } from './commands/annotate.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCalibrateCommand } from './commands/calibrate.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExportCommand } from './commands/export.ts';
import { addFinetuneCommand } from './commands/finetune.ts';
import { addImageCommands } from './commands/image.ts';
import { addImportCommand } from './commands/import.ts';
import { addModelsCommand } from './commands/models.ts';
import { addProjectCommands } from './commands/project.ts';
import { addServeCommand } from './commands/serve.ts';
import { exitCodeHelp, exitCodes, type ExitCode } from './exit-codes.ts';
import { outliveReaders, reportFailure } from './output.ts';

const program = new Command('pixelsail')
  .description(
    'Labels images by pointing and by words, and keeps the answers of a pixel-grounded language model in a project.',
  )
  .exitOverride()
  .showHelpAfterError('Try --help.')
  .addHelpText('after', `\n${exitCodeHelp}`);

addProjectCommands(program);
addImportCommand(program);
addImageCommands(program);
addAnnotateCommand(program);
addExportCommand(program);
addEvalCommand(program);
addCompareCommand(program);
addCalibrateCommand(program);
addModelsCommand(program);
addFinetuneCommand(program);
addConvertCommand(program);
addDoctorCommand(program);
addBenchCommand(program);
addServeCommand(program);

outliveReaders(process.stdout, process.stderr);
try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode =
    thrown instanceof CommanderError
      ? exitCodeOfUsage(thrown)
      : reportFailure(process.argv.includes('--json'), thrown);
}

/** Commander has printed its message already; asking for help is no mistake. */
function exitCodeOfUsage({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
