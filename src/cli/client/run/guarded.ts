import { EXIT } from '../../shared/exit-codes.js';
import { exitWithin, within } from '../../../process/time.js';
import { complain } from '../action.js';
import { Guardian, type Held, type Task } from './guardian.js';
import type { Ended } from './messages.js';
import { exitCodeOf, type SignalTrap } from './signals.js';

/** How a command ended. */
export interface Ending {
  readonly exitCode: number;
  /** Whether it was stopped because what was held was lost, or could not be renewed in time. */
  readonly isLost: boolean;
  /** Whether no process of its group is alive any more, so that what was held can be given to others. */
  readonly isGone: boolean;
  /** For people, if there is something to say. */
  readonly problem: string | null;
}

/** Runs a command while something is held, and stops it before that can end. Signals that the trap catches go to the command. */
export async function runGuarded(held: Held, task: Task, trap: SignalTrap): Promise<Ending> {
  const report = await new Guardian(held, task, trap).lastReport;
  if (report.type === 'failed') return notStarted(task.file, report.code);
  const isLost = held.isLost || (report.type === 'ended' && report.wasStopped);
  const problems = [
    ...(report.type === 'orphaned'
      ? [`The guardian of ${task.file} was ended, so ${task.file} was killed.`]
      : []),
    ...(isLost ? [`${reasonOfLoss(held, task)}. ${task.file} was stopped.`] : []),
    ...(report.isGone ? [] : [`Processes of ${task.file} cannot be ended; nothing is released.`]),
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

/** The longest time that the end of a command waits for the server to be told, in milliseconds. */
const GIVE_BACK_WITHIN_MS = { held: 5000, lost: 1000 } as const;

/** Gives back what a command was run under, unless processes are left that go on. */
export async function giveBack(
  { isGone, isLost }: Ending,
  { what }: Task,
  release: () => Promise<void>,
): Promise<void> {
  if (!isGone) return;
  const released = within(
    GIVE_BACK_WITHIN_MS[isLost ? 'lost' : 'held'],
    release().then(
      () => true,
      () => false,
    ),
  );
  const isTold = await released;
  // What is still under way has had its time.
  exitWithin(0);
  if (isTold === true || isLost) return;
  complain(`The server could not be told that ${what} is free: it comes free when its time is over.`);
}
