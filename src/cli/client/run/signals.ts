import { constants } from 'node:os';
import { EXIT } from '../../shared/exit-codes.js';
import { isHangupIgnored } from '../../../process/hangup.js';

/** What ends a program unless it says otherwise, and is sent by people and supervisors for that. */
export const ENDING: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** What is passed on to a command. */
export const FORWARDED: readonly NodeJS.Signals[] = [...ENDING, 'SIGUSR1', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'];

/** How shells say that a signal ended a program. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return EXIT.signal + constants.signals[signal];
}

type Listener = (signal: NodeJS.Signals) => void;

/** Takes the signals that are meant for a command, so that they do not end this process. */
export class SignalTrap {
  #listener: Listener;
  #wasToldToEnd = false;
  /** Whether SIGHUP was ignored when this process was started. Then it is for the command as well. */
  readonly ignoresHangup = isHangupIgnored();

  constructor(listener: Listener) {
    this.#listener = listener;
    for (const signal of [...FORWARDED, 'SIGTSTP' as const]) process.on(signal, () => this.#take(signal));
  }

  /** Whether a signal has come that nobody sends for anything but an end. */
  get wasToldToEnd(): boolean {
    return this.#wasToldToEnd;
  }

  /** From now on another listener gets them; none is missed in between. */
  pass(listener: Listener): void {
    this.#listener = listener;
  }

  #take(signal: NodeJS.Signals): void {
    if (signal === 'SIGHUP' && this.ignoresHangup) return;
    if (ENDING.includes(signal) && signal !== 'SIGHUP') this.#wasToldToEnd = true;
    this.#listener(signal);
  }
}
