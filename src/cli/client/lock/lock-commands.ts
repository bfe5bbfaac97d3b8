import { Option, type Command } from 'commander';
import { runClient } from '../action.js';
import {
  clientCommand,
  runningCommand,
  withMetadata,
  withTtl,
  withWait,
  type ClientOptions,
} from '../client-command.js';
import { EVENT_LIST, eventFilters } from '../event-filters.js';
import { withHelp, RUN_EXITS } from '../../shared/help.js';
import { wholeNumber } from '../../shared/whole-number.js';
import { convert, type ConvertOptions } from './convert.js';
import { withCooling } from './cooling.js';
import { withDemand } from './demand.js';
import { runWhileLeading, type ElectOptions } from './elect.js';
import { explain } from './explain.js';
import { history, type HistoryOptions } from './history.js';
import { addInterventionCommands } from './intervention-commands.js';
import { expectOneArgument, namesOf } from './names.js';
import type { LeaseOptions } from './own-lease.js';
import { withNotifySignal } from './release-notice.js';
import {
  acquire,
  list,
  queue,
  release,
  renew,
  status,
  type AcquireOptions,
  type RenewOptions,
} from './requests.js';
import { runUnderLock, type RunOptions } from './run.js';
import { watch, type WatchOptions } from './watch.js';

/** `octostore lock ...` and `octostore elect`. */
export function addLockCommands(program: Command): void {
  const lock = program.command('lock').description('acquire, inspect and release locks');
  addRun(lock);
  addElect(program);
  addAcquire(lock);
  addRenew(lock);
  addRelease(lock);
  addConvert(lock);
  addStatus(lock);
  addQueue(lock);
  addExplain(lock);
  addHistory(lock);
  addList(lock);
  addWatch(lock);
  addInterventionCommands(lock);
}

function addRun(lock: Command): void {
  const base = withWait(withTtl(runningCommand(lock, 'run', 'run a command while holding locks')));
  const run = withNotifySignal(withMetadata(withCooling(withDemand(base))))
    .argument('<name>', 'the lock, or several as a,b,c: all of them or none')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: RunOptions) =>
      runClient(options, () => {
        expectOneArgument(process.argv, command);
        return runUnderLock(namesOf(name), command, options);
      }),
    );
  withHelp(run, {
    examples: [
      'octostore lock run billing/nightly --ttl 2m --wait 10m -- ./send-invoices --all',
      'octostore lock run accounts/1,accounts/2 --wait 1m -- ./transfer',
      `octostore lock run gpu --limit 4 --wait 1h -- sh -c 'CUDA_VISIBLE_DEVICES=$OCTOSTORE_SLOTS ./train'`,
      'octostore lock run crawler --notify-signal USR1 --lock-delay 15s -- ./crawl',
      `octostore lock run deploy -- sh -c 'echo "my fencing token is $OCTOSTORE_FENCING_TOKEN"'`,
    ],
    exits: { 75: 'someone else holds a lock, or a limit is reached', ...RUN_EXITS },
  });
}

function addElect(program: Command): void {
  const base = withTtl(runningCommand(program, 'elect', 'run a command while this process is the leader'));
  const elect = withNotifySignal(withMetadata(withCooling(base)))
    .argument('<name>', 'the lock that the leader holds')
    .argument('<command...>', 'the command and its arguments, after --')
    .action((name: string, command: string[], options: ElectOptions) =>
      runClient(options, () => runWhileLeading(name, command, options)),
    );
  withHelp(elect, {
    examples: ['octostore elect scheduler --ttl 15s -- ./scheduler --config scheduler.yaml'],
    exits: { ...RUN_EXITS, 76: 'leadership was lost after a signal had told the command to end' },
  });
}

function addAcquire(lock: Command): void {
  const base = withWait(withTtl(clientCommand(lock, 'acquire', 'acquire a lock without renewing it')));
  const command = withProof(withMetadata(withCooling(withDemand(base))))
    .argument('<name>', 'the lock')
    .option('--lease-id <uuid>', 'the id of the lease (default: a new one)')
    .option('--session <id>', 'the session to tie the lease to; the lease ends with it')
    .action((name: string, options: AcquireOptions) =>
      runClient(options, (output) => acquire(name, options, output)),
    );
  withHelp(command, {
    examples: [
      'octostore lock acquire billing/nightly --ttl 5m --metadata worker-7',
      'LEASE=$(octostore lock acquire billing/nightly --json | jq -r .lease_id)',
      'PROOF=$(octostore lock acquire billing/nightly --proof --json | jq -r .proof)',
    ],
    exits: {
      75: 'someone else holds the lock, or a limit is reached',
      76: 'an administrator has broken the lease with this id',
    },
  });
}

function addRenew(lock: Command): void {
  const command = withProof(
    withLease(withTtl(clientCommand(lock, 'renew', 'renew a lease, so that it expires --ttl from now'))),
  )
    .argument('<name>', 'the lock')
    .action((name: string, options: RenewOptions) =>
      runClient(options, (output) => renew(name, options, output)),
    );
  withHelp(command, {
    examples: ['octostore lock renew billing/nightly --lease-id "$LEASE" --ttl 5m'],
    exits: { 76: 'the lease has ended' },
  });
}

function addRelease(lock: Command): void {
  const command = withLease(clientCommand(lock, 'release', 'release a lock'))
    .argument('<name>', 'the lock')
    .action((name: string, options: LeaseOptions) =>
      runClient(options, (output) => release(name, options, output)),
    );
  withHelp(command, {
    examples: ['octostore lock release billing/nightly --lease-id "$LEASE"'],
    exits: { 76: 'the lease had already ended' },
  });
}

function addConvert(lock: Command): void {
  const command = withLease(
    clientCommand(lock, 'convert', 'share a lock that you hold alone, or hold one alone that you share'),
  )
    .argument('<name>', 'the lock')
    .addOption(
      new Option('--mode <mode>', 'how to hold the lock: shared or exclusive')
        .choices(['shared', 'exclusive'])
        .makeOptionMandatory(),
    )
    .action((name: string, options: ConvertOptions) =>
      runClient(options, (output) => convert(name, options, output)),
    );
  withHelp(command, {
    examples: ['octostore lock convert tables/orders --lease-id "$LEASE" --mode shared'],
    exits: { 75: 'others hold the lock too, so it cannot become exclusive', 76: 'the lease has ended' },
  });
}

function addStatus(lock: Command): void {
  const command = clientCommand(lock, 'status', 'show who holds a lock, and until when')
    .argument('<name>', 'the lock')
    .action((name: string, options: ClientOptions) =>
      runClient(options, (output) => status(name, options, output)),
    );
  withHelp(command, { examples: ['octostore lock status billing/nightly'] });
}

function addQueue(lock: Command): void {
  const command = clientCommand(lock, 'queue', 'show the line of a lock, in order of arrival')
    .argument('<name>', 'the lock')
    .action((name: string, options: ClientOptions) =>
      runClient(options, (output) => queue(name, options, output)),
    );
  withHelp(command, { examples: ['octostore lock queue billing/nightly'] });
}

function addExplain(lock: Command): void {
  const command = clientCommand(
    lock,
    'explain',
    'say who holds a lock, what each request in line waits for, and how it was lost before',
  )
    .argument('<name>', 'the lock')
    .action((name: string, options: ClientOptions) =>
      runClient(options, (output) => explain(name, options, output)),
    );
  withHelp(command, { examples: ['octostore lock explain billing/nightly'] });
}

function addHistory(lock: Command): void {
  const command = clientCommand(lock, 'history', 'show which leases held a lock, and how they ended')
    .argument('<name>', 'the lock')
    .option('--limit <count>', 'how many leases to show (default: 20, at most 100)', wholeNumber)
    .action((name: string, options: HistoryOptions) =>
      runClient(options, (output) => history(name, options, output)),
    );
  withHelp(command, {
    examples: [
      'octostore lock history billing/nightly',
      'octostore lock history billing/nightly --limit 1 --json',
    ],
  });
}

function addList(lock: Command): void {
  const command = clientCommand(lock, 'list', 'list held locks by name')
    .option('--prefix <text>', 'only locks whose names begin with this')
    .option('--mine', 'only locks that you hold')
    .action((options: ClientOptions) => runClient(options, (output) => list(options, output)));
  withHelp(command, {
    examples: ['octostore lock list --prefix billing/', 'octostore lock list --mine --json'],
  });
}

function addWatch(lock: Command): void {
  const command = clientCommand(
    lock,
    'watch',
    'show the events of a lock, or of many locks, until interrupted',
  )
    .argument('[name]', 'the lock')
    .option('--prefix <text>', 'all locks whose names begin with this')
    .option('--events <list>', `which events, separated by commas: ${EVENT_LIST}`, eventFilters)
    .action((name: string | undefined, options: WatchOptions) =>
      runClient(options, (output) => watch(name, options, output)),
    );
  withHelp(command, {
    examples: [
      'octostore lock watch billing/nightly',
      'octostore lock watch --prefix billing/ --json',
      'octostore lock watch --prefix billing/ --events broken,release_requested',
    ],
  });
}

function withProof(command: Command): Command {
  return command.option('--proof', 'also show a proof of the lease, which anyone can verify');
}

function withLease(command: Command): Command {
  return command.option('--lease-id <uuid>', 'the lease (default: $OCTOSTORE_LEASE_ID)');
}
