import type { Command } from 'commander';
import { runClient } from '../action.js';
import {
  clientCommand,
  runningCommand,
  withMetadata,
  withTtl,
  withWait,
  type ClientOptions,
} from '../client-command.js';
import { explained, RUN_EXITS } from '../../shared/help.js';
import { runWhileLeading, type ElectOptions } from './elect.js';
import { acquire, list, release, renew, status, type AcquireOptions, type LeaseOptions } from './requests.js';
import { runUnderLock, type RunOptions } from './run.js';
import { watch, type WatchOptions } from './watch.js';

/** `octostore lock ...` and `octostore elect`. */
export function addLockCommands(program: Command): void {
  const lock = program.command('lock').description('hold, look at and give back locks');
  addRun(lock);
  addElect(program);
  addAcquire(lock);
  addRenew(lock);
  addRelease(lock);
  addStatus(lock);
  addList(lock);
  addWatch(lock);
}

function addRun(lock: Command): void {
  const run = withMetadata(
    withWait(withTtl(runningCommand(lock, 'run', 'run a command while a lock is held'))),
  )
    .argument('<name>', 'the lock')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: RunOptions) =>
      runClient(options, () => runUnderLock(name, command, options)),
    );
  explained(run, {
    examples: [
      'octostore lock run billing/nightly --ttl 2m --wait 10m -- ./send-invoices --all',
      `octostore lock run deploy -- sh -c 'echo "my fencing token is $OCTOSTORE_FENCING_TOKEN"'`,
    ],
    exits: { 75: 'somebody else holds the lock, or a limit is reached', ...RUN_EXITS },
  });
}

function addElect(program: Command): void {
  const elect = withMetadata(
    withTtl(runningCommand(program, 'elect', 'run a command while this is the leader')),
  )
    .argument('<name>', 'the lock that the leader holds')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: ElectOptions) =>
      runClient(options, () => runWhileLeading(name, command, options)),
    );
  explained(elect, {
    examples: ['octostore elect scheduler --ttl 15s -- ./scheduler --config scheduler.yaml'],
    exits: { ...RUN_EXITS, 76: 'leadership was lost while a signal had told the command to end' },
  });
}

function addAcquire(lock: Command): void {
  const command = withMetadata(
    withWait(withTtl(clientCommand(lock, 'acquire', 'acquire a lock without renewing it'))),
  )
    .argument('<name>', 'the lock')
    .option('--lease-id <uuid>', 'the id of the lease (default: a new one)')
    .option('--session <id>', 'the session that the lease ends with')
    .action((name: string, options: AcquireOptions) =>
      runClient(options, (output) => acquire(name, options, output)),
    );
  explained(command, {
    examples: [
      'octostore lock acquire billing/nightly --ttl 5m --metadata worker-7',
      'LEASE=$(octostore lock acquire billing/nightly --json | jq -r .lease_id)',
    ],
    exits: { 75: 'somebody else holds the lock, or a limit is reached' },
  });
}

function addRenew(lock: Command): void {
  const command = withLease(withTtl(clientCommand(lock, 'renew', 'let a lease end --ttl from now')))
    .argument('<name>', 'the lock')
    .action((name: string, options: LeaseOptions & { ttl: number }) =>
      runClient(options, (output) => renew(name, options, output)),
    );
  explained(command, {
    examples: ['octostore lock renew billing/nightly --lease-id "$LEASE" --ttl 5m'],
    exits: { 76: 'the lease has ended' },
  });
}

function addRelease(lock: Command): void {
  const command = withLease(clientCommand(lock, 'release', 'give a lock back'))
    .argument('<name>', 'the lock')
    .action((name: string, options: LeaseOptions) =>
      runClient(options, (output) => release(name, options, output)),
    );
  explained(command, {
    examples: ['octostore lock release billing/nightly --lease-id "$LEASE"'],
    exits: { 76: 'the lease had ended before' },
  });
}

function addStatus(lock: Command): void {
  const command = clientCommand(lock, 'status', 'who holds a lock, and until when')
    .argument('<name>', 'the lock')
    .action((name: string, options: ClientOptions) =>
      runClient(options, (output) => status(name, options, output)),
    );
  explained(command, { examples: ['octostore lock status billing/nightly'] });
}

function addList(lock: Command): void {
  const command = clientCommand(lock, 'list', 'all locks that are held, in name order')
    .option('--prefix <text>', 'only those whose names begin so')
    .option('--mine', 'only your own')
    .action((options: ClientOptions) => runClient(options, (output) => list(options, output)));
  explained(command, {
    examples: ['octostore lock list --prefix billing/', 'octostore lock list --mine --json'],
  });
}

function addWatch(lock: Command): void {
  const command = clientCommand(lock, 'watch', 'what happens to a lock, or to many, until interrupted')
    .argument('[name]', 'the lock')
    .option('--prefix <text>', 'all locks whose names begin so')
    .action((name: string | undefined, options: WatchOptions) =>
      runClient(options, (output) => watch(name, options, output)),
    );
  explained(command, {
    examples: ['octostore lock watch billing/nightly', 'octostore lock watch --prefix billing/ --json'],
  });
}

function withLease(command: Command): Command {
  return command.option('--lease-id <uuid>', 'the lease (default: $OCTOSTORE_LEASE_ID)');
}
