import { ENDING_SIGNALS, exitCodeOf, SignalTrap } from './signals.js';

/** A wait, such as for a lock, that signals end. Once a command runs, the signals go to the command instead. */
export class Waiting {
  readonly trap: SignalTrap;
  readonly #stop = new AbortController();
  #endedBy: NodeJS.Signals | null = null;

  constructor() {
    this.trap = new SignalTrap((signal) => this.#receive(signal));
  }

  /** Aborted when the wait ends. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The exit code if a signal ended the wait. Otherwise null. */
  get exitCode(): number | null {
    return this.#endedBy === null ? null : exitCodeOf(this.#endedBy);
  }

  /** Ends the wait. */
  stop(): void {
    this.#stop.abort();
  }

  /** Lets signals end the wait again. */
  resume(): void {
    this.trap.forwardTo((signal) => this.#receive(signal));
  }

  #receive(signal: NodeJS.Signals): void {
    if (signal === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
    if (!ENDING_SIGNALS.includes(signal)) return;
    this.#endedBy ??= signal;
    this.#stop.abort();
  }
}
