import type { LockHandle, ReleaseRequest } from '@octostore/client';
import { InvalidArgumentError, type Command } from 'commander';
import { printError } from '../action.js';
import type { Task } from '../run/guardian.js';
import type { Running } from '../run/guarded.js';
import { FORWARDED_SIGNALS } from '../run/signals.js';

export interface NotifyOptions {
  readonly notifySignal?: NodeJS.Signals;
}

/** SIGCONT only lets a stopped command go on, which tells it nothing. */
const SIGNALS = FORWARDED_SIGNALS.filter((signal) => signal !== 'SIGCONT');

const NAMES = SIGNALS.map((signal) => signal.slice('SIG'.length)).join(', ');

/** Adds how the command learns that someone asks for its lock. */
export function withNotifySignal(command: Command): Command {
  return command.option(
    '--notify-signal <name>',
    `send this signal to the command when someone asks for the release of the lock: ${NAMES}`,
    signalNamed,
  );
}

/** Tells people, and the command if it wants to know, of each request to release its lock. */
export function announceRequests(
  lock: LockHandle,
  { what, file }: Pick<Task, 'what' | 'file'>,
  { notifySignal }: NotifyOptions,
  command: Running,
): void {
  lock.onReleaseRequested((request) => {
    const consequence = notifySignal === undefined ? '' : ` ${file} gets ${notifySignal}.`;
    printError(`${sentenceOf(request, what)}${consequence}`);
    if (notifySignal !== undefined) command.notify(notifySignal);
  });
}

function sentenceOf({ by, message }: ReleaseRequest, what: string): string {
  return `${by} asks you to release ${what}${message === null ? '' : `: "${message}"`}.`;
}

/** Parses `USR1`, or `SIGUSR1`. Throws `InvalidArgumentError`. */
function signalNamed(text: string): NodeJS.Signals {
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`;
  const signal = SIGNALS.find((one) => one === name);
  if (signal === undefined) throw new InvalidArgumentError(`Give one of ${NAMES}.`);
  return signal;
}
