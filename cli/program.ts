import { Command, CommanderError } from 'commander';
import { addAnnotateCommand } from './commands/annotate.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addCalibrateCommand } from './commands/calibrate.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addCompareDatasetsCommand } from './commands/compare-datasets.ts';
import { addConvertCommand } from './commands/convert.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEvalCommand } from './commands/eval.ts';
import { addExportCommand } from './commands/export.ts';
import { addFormatsCommand } from './commands/formats.ts';
import { addFinetuneCommand } from './commands/finetune.ts';
import { addHandoutCommands } from './commands/handout.ts';
import { addImageCommands } from './commands/image.ts';
import { addImportCommand } from './commands/import.ts';
import { addModelsCommand } from './commands/models.ts';
import { addProjectCommands } from './commands/project.ts';
import { addScoreCommand } from './commands/score.ts';
import { addServeCommand } from './commands/serve.ts';
import { addWorkerCommands } from './commands/worker.ts';
import { exitCodeHelp, exitCodes, type ExitCode } from './exit-codes.ts';
import { interruptedExitCode } from './interrupt.ts';
import { reportFailure } from './output.ts';

/** The program with every command, before parsing. */
export function createProgram(): Command {
  const program = new Command('pixelsail')
    .description(
      'Annotates images with the masks and texts of a pixel-grounded language model, and stores them in a project.',
    )
    .exitOverride()
    .showHelpAfterError('Try --help.')
    .addHelpText('after', `\n${exitCodeHelp}`);
  addProjectCommands(program);
  addHandoutCommands(program);
  addImportCommand(program);
  addImageCommands(program);
  addAnnotateCommand(program);
  addExportCommand(program);
  addFormatsCommand(program);
  addEvalCommand(program);
  addCompareCommand(program);
  addCompareDatasetsCommand(program);
  addScoreCommand(program);
  addCalibrateCommand(program);
  addModelsCommand(program);
  addFinetuneCommand(program);
  addConvertCommand(program);
  addDoctorCommand(program);
  addBenchCommand(program);
  addServeCommand(program);
  addWorkerCommands(program);
  return program;
}

/**
 * Runs a command line, with output on stdout and stderr.
 * @param words arguments after the name of the program
 * @returns exit code of the process
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  try {
    await createProgram().parseAsync(words, { from: 'user' });
  } catch (thrown) {
    process.exitCode =
      thrown instanceof CommanderError
        ? exitCodeOfUsage(thrown)
        : reportFailure(words.includes('--json'), thrown);
  }
  const code = process.exitCode ?? exitCodes.done;
  return code === exitCodes.interrupted ? interruptedExitCode() : code;
}

/** Commander has already printed its message; a request for help is not an error. */
function exitCodeOfUsage({ exitCode }: CommanderError): ExitCode {
  return exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
