import type { Command } from 'commander';
import { withHelp } from '../../shared/help.js';
import { runClient } from '../action.js';
import { clientCommand } from '../client-command.js';
import { atLeastOne } from './demand.js';
import { breakLock, requestRelease, type BreakOptions, type RequestReleaseOptions } from './interventions.js';

/** The commands for locks that someone else holds: `octostore lock request-release` and `octostore lock break`. */
export function addInterventionCommands(lock: Command): void {
  addRequestRelease(lock);
  addBreak(lock);
}

function addRequestRelease(lock: Command): void {
  const command = clientCommand(
    lock,
    'request-release',
    'ask the holders of a lock to release it; they learn of it when they renew',
  )
    .argument('<name>', 'the lock')
    .option('--message <text>', 'what to tell them, at most 256 bytes')
    .action((name: string, options: RequestReleaseOptions) =>
      runClient(options, (output) => requestRelease(name, options, output)),
    );
  withHelp(command, {
    examples: ['octostore lock request-release billing/nightly --message "deploying at noon"'],
    exits: { 66: 'no one holds the lock', 75: 'you have asked too often; try again in a minute' },
  });
}

function addBreak(lock: Command): void {
  const command = clientCommand(
    lock,
    'break',
    'end the leases that hold a lock, or the time for which it is delayed; for administrators',
  )
    .argument('<name>', 'the lock')
    .requiredOption('--reason <text>', 'why; the holders are told, at most 256 bytes')
    .option(
      '--token <number>',
      'the fencing token of the lease to end (default: all that hold the lock)',
      atLeastOne,
    )
    .action((name: string, options: BreakOptions) =>
      runClient(options, (output) => breakLock(name, options, output)),
    );
  withHelp(command, {
    examples: [
      'octostore lock break billing/nightly --reason "worker-7 hangs"',
      'octostore lock break billing/nightly --reason "no operator" --token-file admin-key',
    ],
    exits: {
      66: 'no one holds the lock, or not with this fencing token',
      77: 'the token is neither that of an administrator nor an admin key',
    },
  });
}
