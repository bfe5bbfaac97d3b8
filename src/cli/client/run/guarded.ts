import { EXIT } from '../../shared/exit-codes.js';
import { exitWithin, within } from '../../../process/time.js';
import { printError } from '../action.js';
import { Guardian, type Held, type Task } from './guardian.js';
import type { Ended } from './messages.js';
import { exitCodeOf, type SignalTrap } from './signals.js';

/** How a command ended. */
export interface Ending {
  readonly exitCode: number;
  /** Whether it was stopped because the lock or session was lost, or could not be renewed in time. */
  readonly isLost: boolean;
  /** Whether every process of its group has ended, so that the lock or session can be released. */
  readonly isGone: boolean;
  /** A sentence for people. Null if nothing went wrong. */
  readonly problem: string | null;
}

/** A command that runs. */
export type Running = Pick<Guardian, 'notify'>;

/**
 * Runs a command under a lock or session, and stops it before that can end. Signals that the trap catches go to the command.
 *
 * @param begun receives the command.
 */
export async function runGuarded(
  held: Held,
  task: Task,
  trap: SignalTrap,
  begun: (command: Running) => void = () => undefined,
): Promise<Ending> {
  const guardian = new Guardian(held, task, trap);
  begun(guardian);
  const report = await guardian.lastReport;
  if (report.type === 'failed') return notStarted(task.file, report.code);
  const isLost = held.isLost || (report.type === 'ended' && report.wasStopped);
  const problems = [
    ...(report.type === 'orphaned'
      ? [`The guardian process of ${task.file} was killed, so ${task.file} was killed too. Run it again.`]
      : []),
    ...(isLost ? [`${reasonOfLoss(held, task)}. ${task.file} was stopped.`] : []),
    ...(report.isGone
      ? []
      : [`Some processes of ${task.file} cannot be killed, so nothing is released. End them yourself.`]),
  ];
  const exitCode = isLost ? EXIT.lost : exitCodeOfEnd(report);
  return { exitCode, isLost, isGone: report.isGone, problem: problems.join(' ') || null };
}

function notStarted(file: string, code: string): Ending {
  const [exitCode, why] =
    code === 'ENOENT'
      ? [EXIT.commandNotFound, 'command not found']
      : [EXIT.cannotRun, `cannot be run (${code})`];
  return { exitCode, isLost: false, isGone: true, problem: `${file}: ${why}.` };
}

function reasonOfLoss({ signal }: Held, { what }: Task): string {
  const { message } = Object(signal.reason) as { readonly message?: string };
  return message ?? `${what} is lost: it could not be renewed in time`;
}

function exitCodeOfEnd({ code, signal }: Pick<Ended, 'code' | 'signal'>): number {
  return signal === null ? (code ?? EXIT.failure) : exitCodeOf(signal);
}

/** How long to wait for the release after the command has ended, in milliseconds. */
const RELEASE_WITHIN_MS = { held: 5000, lost: 1000 } as const;

/** Releases the lock or session that a command ran under, unless some of its processes are still alive. */
export async function releaseUnlessAlive(
  { isGone, isLost }: Ending,
  { what }: Task,
  release: () => Promise<void>,
): Promise<void> {
  if (!isGone) return;
  const released = within(
    RELEASE_WITHIN_MS[isLost ? 'lost' : 'held'],
    release().then(
      () => true,
      () => false,
    ),
  );
  const isTold = await released;
  // Requests that are still under way have had their time.
  exitWithin(0);
  if (isTold === true || isLost) return;
  printError(`The server could not be told to release ${what}. Wait until it expires.`);
}
