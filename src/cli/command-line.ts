import { Command, CommanderError } from 'commander';
import { addBenchCommand } from './bench-command.js';
import { addClientCommands } from './client/client-commands.js';
import { writeError } from '../process/standard-error.js';
import { VERSION } from '../version.js';
import { addAdminCommands } from './server/admin-commands.js';
import { addServiceCommands } from './service-commands.js';
import { EXIT } from './shared/exit-codes.js';
import { endWithReader } from './shared/reader.js';
import { addAuditCommands } from './server/audit-commands.js';
import { addClusterCommands } from './server/cluster-commands.js';
import { addFencingCommands } from './server/fencing-commands.js';
import { addImportCommand } from './server/import-commands.js';
import { addPolicyCommands } from './server/policy-commands.js';
import { addServerCommands } from './server/server-commands.js';
import { addTokenCommands } from './server/token-commands.js';

/** Adds one group of commands. Each command loads its code only when it runs, so that all of them start fast. */
type AddCommands = (program: Command) => void;

const GROUPS: readonly AddCommands[] = [
  addServerCommands,
  addImportCommand,
  addFencingCommands,
  addTokenCommands,
  addClusterCommands,
  addAdminCommands,
  addPolicyCommands,
  addServiceCommands,
  addAuditCommands,
  addClientCommands,
  addBenchCommand,
];

/** Runs `octostore COMMAND`. Without a command, runs the server. */
export async function runCommand(args: readonly string[]): Promise<void> {
  try {
    await commandLine().parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has already printed what is wrong with the command line.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
    const { explain } = await import('./server/explain.js');
    const { sentence, exitCode } = explain(error);
    writeError(`octostore: ${sentence}\n`);
    process.exit(exitCode);
  }
}

/** All commands. The help and the completion scripts are made from them. */
export function commandLine(): Command {
  const program = new Command('octostore')
    .description('Distributed locks, leader election and sessions over plain HTTP')
    .version(VERSION)
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'octostore: ')) })
    .exitOverride()
    .hook('preAction', (_, action) => endWithReader(action.name()));
  for (const add of GROUPS) add(program);
  return program;
}
