import { Command, CommanderError } from 'commander';
import { addBenchCommand } from './bench-command.js';
import { addClientCommands } from './client/client-commands.js';
import { writeError } from '../process/standard-error.js';
import { VERSION } from '../version.js';
import { addAdminCommands } from './server/admin-commands.js';
import { EXIT } from './shared/exit-codes.js';
import { addServerCommands } from './server/server-commands.js';
import { addTokenCommands } from './server/token-commands.js';

/** Adds the commands of one group. They load what they need when they run, so that each of them starts fast. */
type AddCommands = (program: Command) => void;

const GROUPS: readonly AddCommands[] = [
  addServerCommands,
  addTokenCommands,
  addAdminCommands,
  addClientCommands,
  addBenchCommand,
];

/** Runs `octostore COMMAND`; without a command it serves. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(args, { from: 'user' });
  } catch (error) {
    // Of what is wrong with the command line people have been told already.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
    const { explain } = await import('./server/explain.js');
    const { sentence, exitCode } = explain(error);
    writeError(`octostore: ${sentence}\n`);
    process.exit(exitCode);
  }
}

/** The whole tree of commands, of which the help and the completion are made as well. */
export function commandLine(): Command {
  const program = new Command('octostore')
    .description('Distributed locks, leader election and sessions over plain HTTP')
    .version(VERSION)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'octostore: ')) })
    .exitOverride();
  for (const add of GROUPS) add(program);
  return program;
}
