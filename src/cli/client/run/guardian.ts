import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { marginMs } from '@octostore/client';
import { noDebuggerArguments } from '../../../process/signals-at-start.js';
import { at, nowMs, pause } from '../../../process/time.js';
import type { Ended, Order, Report } from './messages.js';
import { groupWithVariables, isGroupAlive, signalGroup } from './process-group.js';
import type { SignalTrap } from './signals.js';
import { BEGUN_WITHIN_MS, GONE_WITHIN_MS, KILL_AFTER_LOSS_MS, LOOK_EVERY_MS } from './stop-times.js';

const PROGRAM = fileURLToPath(new URL('guardian-program.js', import.meta.url));

/** A lock or session while it is held. */
export interface Held {
  readonly signal: AbortSignal;
  readonly isLost: boolean;
  readonly remainingMs: number;
  onRenewed(listener: () => void): void;
}

export interface Task {
  /** What is held, for messages, such as `the lock a`. */
  readonly what: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly ttlMs: number;
  readonly graceMs: number;
  readonly passToken: boolean | undefined;
}

/** The guardian was ended by somebody else, and so was its command then. */
interface Orphaned extends Pick<Ended, 'code' | 'signal' | 'isGone'> {
  readonly type: 'orphaned';
}

export type LastReport = Exclude<Report, { type: 'started' }> | Orphaned;

/** The process that starts the command and stops it in time, even if this one no longer can. */
export class Guardian {
  readonly #process: ChildProcess;
  readonly #killMarginMs: number;
  readonly #held: Held;
  /** What only the command has in its environment. */
  readonly #variables: Readonly<Record<string, string>>;
  #group: number | null = null;
  readonly lastReport: Promise<LastReport>;

  constructor(held: Held, { file, args, env, ttlMs, graceMs, passToken = false }: Task, trap: SignalTrap) {
    this.#held = held;
    this.#variables = env;
    this.#killMarginMs = marginMs(ttlMs);
    // In a session of its own, out of reach of signals that a terminal or a supervisor sends to this one's group.
    this.#process = fork(PROGRAM, {
      detached: true,
      execArgv: noDebuggerArguments(),
      env: inheritedEnvironment(passToken),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    this.lastReport = this.#listen();
    const { ignoresHangup } = trap;
    this.#tell({ type: 'start', file, args, env, ignoresHangup, graceMs, killAtMs: this.#killAtMs });
    held.onRenewed(() => this.#tell({ type: 'extend', killAtMs: this.#killAtMs }));
    held.signal.addEventListener('abort', () => this.#lost());
    if (held.signal.aborted) this.#lost();
    trap.pass((signal) => this.#pass(signal));
  }

  /** The instant of the loss as the SDK tells it. The clock is read first, so that it is never too late. */
  get #killAtMs(): number {
    return nowMs() + this.#held.remainingMs - this.#killMarginMs;
  }

  #pass(signal: NodeJS.Signals): void {
    if (signal !== 'SIGTSTP') return this.#tell({ type: 'signal', signal });
    // The command, in a session of its own, would ignore SIGTSTP. This process stops with it, as a shell expects.
    this.#tell({ type: 'signal', signal: 'SIGSTOP' }, () => process.kill(process.pid, 'SIGSTOP'));
  }

  /** Does what the guardian should have done, if it has not by half of the time that is left: it may be stopped itself. */
  #lost(): void {
    this.#tell({ type: 'lost' });
    const lostAtMs = nowMs();
    const killAtMs = Math.max(lostAtMs, Math.min(lostAtMs + KILL_AFTER_LOSS_MS, this.#killAtMs));
    const helpAtMs = killAtMs + this.#killMarginMs / 2;
    const cancels = [
      at(helpAtMs, () => this.#signalCommand('SIGKILL')),
      at(helpAtMs + GONE_WITHIN_MS, () => this.#process.kill('SIGKILL')),
    ];
    const cancel = (): void => cancels.forEach((cancelTimer) => cancelTimer());
    this.lastReport.then(cancel, cancel);
  }

  #signalCommand(signal: NodeJS.Signals): void {
    if (this.#group !== null) signalGroup(this.#group, signal);
  }

  #tell(order: Order, done: () => void = () => undefined): void {
    // What cannot be told to a guardian that has ended needs no telling.
    if (this.#process.connected) this.#process.send(order, done);
  }

  #listen(): Promise<LastReport> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      this.#process.on('message', (report: Report) => {
        if (report.type === 'started') {
          this.#group = report.group;
        } else {
          isOver = true;
          resolve(report);
        }
      });
      this.#process.once('error', reject);
      // This comes after all messages.
      this.#process.once('disconnect', () => {
        if (!isOver) this.#killOrphans().then(resolve, reject);
      });
    });
  }

  /** Nobody but this process is left to end the command. */
  async #killOrphans(): Promise<Orphaned> {
    await this.#findGroup();
    this.#signalCommand('SIGKILL');
    const untilMs = nowMs() + GONE_WITHIN_MS;
    while (this.#isCommandAlive() && nowMs() < untilMs) await pause(LOOK_EVERY_MS);
    const isGone = !this.#isCommandAlive();
    return { type: 'orphaned', code: null, signal: 'SIGKILL', isGone };
  }

  /** A guardian that was killed at its start may not have told which group it started. What it started may be about to begin. */
  async #findGroup(): Promise<void> {
    const untilMs = nowMs() + BEGUN_WITHIN_MS;
    while (this.#group === null && nowMs() < untilMs) {
      this.#group = groupWithVariables(this.#variables);
      if (this.#group === null) await pause(LOOK_EVERY_MS);
    }
  }

  #isCommandAlive(): boolean {
    return this.#group !== null && isGroupAlive(this.#group);
  }
}

/** What the guardian and its command inherit. Programs that are run by others tend to print, log and pass on what they find. */
function inheritedEnvironment(passToken: boolean): NodeJS.ProcessEnv {
  const { OCTOSTORE_TOKEN, ...others } = process.env;
  return passToken ? { ...others, OCTOSTORE_TOKEN } : others;
}
