import type { Command } from 'commander';
import { runClient } from '../action.js';
import { runningCommand, withMetadata, withTtl, withWait } from '../client-command.js';
import { explained } from '../help.js';
import { runUnderLock, type RunOptions } from './run.js';
import { runWhileLeading, type ElectOptions } from './elect.js';

const RUN_EXITS = {
  75: 'somebody else holds the lock, or a limit is reached',
  76: 'the lock was lost, or about to be, and the command was stopped',
  126: 'the command cannot be run',
  127: 'the command does not exist',
  '128+n': 'signal n ended the command, or the wait for the lock',
  else: 'that of the command',
};

/** `octostore lock ...` and `octostore elect`. */
export function addLockCommands(program: Command): void {
  const lock = program.command('lock').description('hold, look at and give back locks');
  addRun(lock);
  addElect(program);
}

function addRun(lock: Command): void {
  const run = withMetadata(
    withWait(withTtl(runningCommand(lock, 'run', 'run a command while a lock is held'))),
  )
    .argument('<name>', 'the lock')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: RunOptions) =>
      runClient({}, () => runUnderLock(name, command, options)),
    );
  explained(run, {
    examples: [
      'octostore lock run billing/nightly --ttl 2m --wait 10m -- ./send-invoices --all',
      `octostore lock run deploy -- sh -c 'echo "my fencing token is $OCTOSTORE_FENCING_TOKEN"'`,
    ],
    exits: RUN_EXITS,
  });
}

function addElect(program: Command): void {
  const elect = withMetadata(
    withTtl(runningCommand(program, 'elect', 'run a command while this is the leader')),
  )
    .argument('<name>', 'the lock that the leader holds')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: ElectOptions) =>
      runClient({}, () => runWhileLeading(name, command, options)),
    );
  explained(elect, {
    examples: ['octostore elect scheduler --ttl 15s -- ./scheduler --config scheduler.yaml'],
    exits: RUN_EXITS,
  });
}
