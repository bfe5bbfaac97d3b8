import { ENDING, exitCodeOf, SignalTrap } from './signals.js';

/** Something that takes a while, such as the wait for a lock, and that signals give up until a command takes them over. */
export class Waiting {
  readonly trap: SignalTrap;
  readonly #stop = new AbortController();
  #givenUpBy: NodeJS.Signals | null = null;

  constructor() {
    this.trap = new SignalTrap((signal) => this.#receive(signal));
  }

  /** Aborted when it is given up. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What to exit with if it was given up; null if it was not. */
  get exitCode(): number | null {
    return this.#givenUpBy === null ? null : exitCodeOf(this.#givenUpBy);
  }

  /** Ends it. */
  stop(): void {
    this.#stop.abort();
  }

  /** From now on signals give it up, as at its beginning. */
  resume(): void {
    this.trap.pass((signal) => this.#receive(signal));
  }

  #receive(signal: NodeJS.Signals): void {
    if (signal === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
    if (!ENDING.includes(signal)) return;
    this.#givenUpBy ??= signal;
    this.#stop.abort();
  }
}
