import { constants } from 'node:os';
import { EXIT } from '../../shared/exit-codes.js';
import { isHangupIgnored } from '../../../process/hangup.js';

/** Signals that people and supervisors send to end a program. */
export const ENDING_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'];

/** Signals that are forwarded to a command. */
export const FORWARDED_SIGNALS: readonly NodeJS.Signals[] = [
  ...ENDING_SIGNALS,
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
  'SIGCONT',
];

/** The exit code that shells use for a program that was ended by a signal. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return EXIT.signal + constants.signals[signal];
}

type Listener = (signal: NodeJS.Signals) => void;

/** Catches the signals that are meant for a command, so that they do not end this process. */
export class SignalTrap {
  #listener: Listener;
  #wasToldToEnd = false;
  /** Whether SIGHUP was ignored when this process started. If so, the command ignores it too. */
  readonly ignoresHangup = isHangupIgnored();

  constructor(listener: Listener) {
    this.#listener = listener;
    for (const signal of [...FORWARDED_SIGNALS, 'SIGTSTP' as const])
      process.on(signal, () => this.#take(signal));
  }

  /** Whether a signal has arrived that can only mean that the program should end. SIGHUP can mean other things. */
  get wasToldToEnd(): boolean {
    return this.#wasToldToEnd;
  }

  /** Sends the signals to another listener from now on. None is missed. */
  forwardTo(listener: Listener): void {
    this.#listener = listener;
  }

  #take(signal: NodeJS.Signals): void {
    if (signal === 'SIGHUP' && this.ignoresHangup) return;
    if (ENDING_SIGNALS.includes(signal) && signal !== 'SIGHUP') this.#wasToldToEnd = true;
    this.#listener(signal);
  }
}
