import { Command, CommanderError } from 'commander';
import { addImageCommands } from './commands/image.ts';
import { exitCodeHelp, exitCodes } from './exit-codes.ts';
import { reportFailure } from './output.ts';

const program = new Command('pixelsail')
  .description(
    'Labels images by pointing and by words, and keeps the answers of a pixel-grounded language model in a project.',
  )
  .exitOverride()
  .showHelpAfterError('Try --help.')
  .addHelpText('after', `\n${exitCodeHelp}`);

addImageCommands(program);

try {
  await program.parseAsync();
} catch (thrown) {
  process.exitCode =
    thrown instanceof CommanderError
      ? thrown.exitCode === 0
        ? exitCodes.done
        : exitCodes.usage
      : reportFailure(process.argv.includes('--json'), thrown);
}
