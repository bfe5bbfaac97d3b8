import type { ChildProcess } from 'node:child_process';
import { marginMs } from '@octostore/client';
import { noDebuggerArguments } from '../../../process/signals-at-start.js';
import { at, nowMs, pause } from '../../../process/time.js';
import { startOwnProcess } from '../../../program/own-processes.js';
import type { Ended, LastRequest, Order, Report } from './messages.js';
import { groupWithVariables, isGroupAlive, signalGroup } from './process-group.js';
import type { SignalTrap } from './signals.js';
import { BEGUN_WITHIN_MS, GONE_WITHIN_MS, KILL_AFTER_LOSS_MS, CHECK_EVERY_MS } from './stop-times.js';

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
  readonly lastRequest: LastRequest;
}

/** Someone ended the guardian, so this process killed its command. */
interface Orphaned extends Pick<Ended, 'code' | 'signal' | 'isGone'> {
  readonly type: 'orphaned';
}

export type LastReport = Exclude<Report, { type: 'started' }> | Orphaned;

/** The process that starts the command and stops it in time, even if this one no longer can. */
export class Guardian {
  readonly #process: ChildProcess;
  readonly #killMarginMs: number;
  readonly #held: Held;
  /** The environment variables that only the command has. */
  readonly #variables: Readonly<Record<string, string>>;
  #group: number | null = null;
  readonly lastReport: Promise<LastReport>;

  constructor(held: Held, task: Task, trap: SignalTrap) {
    const { file, args, env, ttlMs, graceMs, passToken = false, lastRequest } = task;
    this.#held = held;
    this.#variables = env;
    this.#killMarginMs = marginMs(ttlMs);
    // In its own session, where signals from a terminal or a supervisor to this process group do not reach it.
    this.#process = startOwnProcess('__guardian', {
      detached: true,
      nodeArguments: noDebuggerArguments(),
      env: inheritedEnvironment(passToken),
    });
    this.lastReport = this.#listen();
    const { ignoresHangup } = trap;
    const command = { file, args, env, ignoresHangup, graceMs, lastRequest };
    this.#order({ type: 'start', ...command, killAtMs: this.#killAtMs });
    held.onRenewed(() => this.#order({ type: 'extend', killAtMs: this.#killAtMs }));
    held.signal.addEventListener('abort', () => this.#lost());
    if (held.signal.aborted) this.#lost();
    trap.forwardTo((signal) => this.#forward(signal));
  }

  /**
   * When the command must have ended, from the SDK's remaining time. The clock is read first, so that the result is never too
   * late.
   */
  get #killAtMs(): number {
    return nowMs() + this.#held.remainingMs - this.#killMarginMs;
  }

  /** Sends a signal to the command's own process. */
  notify(signal: NodeJS.Signals): void {
    this.#order({ type: 'notify', signal });
  }

  #forward(signal: NodeJS.Signals): void {
    if (signal !== 'SIGTSTP') return this.#order({ type: 'signal', signal });
    // The command is in its own session, where it would ignore SIGTSTP. This process stops too, as a shell expects.
    this.#order({ type: 'signal', signal: 'SIGSTOP' }, () => process.kill(process.pid, 'SIGSTOP'));
  }

  /**
   * Tells the guardian to stop the command. The guardian may itself be stopped, so this process kills the command when half
   * of the margin is left.
   */
  #lost(): void {
    this.#order({ type: 'lost' });
    const lostAtMs = nowMs();
    const killAtMs = Math.max(lostAtMs, Math.min(lostAtMs + KILL_AFTER_LOSS_MS, this.#killAtMs));
    const takeOverAtMs = killAtMs + this.#killMarginMs / 2;
    const cancels = [
      at(takeOverAtMs, () => this.#signalCommand('SIGKILL')),
      at(takeOverAtMs + GONE_WITHIN_MS, () => this.#process.kill('SIGKILL')),
    ];
    const cancel = (): void => cancels.forEach((cancelTimer) => cancelTimer());
    this.lastReport.then(cancel, cancel);
  }

  #signalCommand(signal: NodeJS.Signals): void {
    if (this.#group !== null) signalGroup(this.#group, signal);
  }

  #order(order: Order, done: () => void = () => undefined): void {
    // A guardian that has ended needs no orders.
    if (this.#process.connected) this.#process.send(order, done);
  }

  #listen(): Promise<LastReport> {
    return new Promise((resolve, reject) => {
      let hasReported = false;
      this.#process.on('message', (report: Report) => {
        if (report.type === 'started') {
          this.#group = report.group;
        } else {
          hasReported = true;
          resolve(report);
        }
      });
      this.#process.once('error', reject);
      // Node emits this after all messages.
      this.#process.once('disconnect', () => {
        if (!hasReported) this.#killOrphans().then(resolve, reject);
      });
    });
  }

  /** The guardian has gone, so this process kills the command. */
  async #killOrphans(): Promise<Orphaned> {
    await this.#findGroup();
    this.#signalCommand('SIGKILL');
    const untilMs = nowMs() + GONE_WITHIN_MS;
    while (this.#isCommandAlive() && nowMs() < untilMs) await pause(CHECK_EVERY_MS);
    const isGone = !this.#isCommandAlive();
    return { type: 'orphaned', code: null, signal: 'SIGKILL', isGone };
  }

  /** A guardian that was killed early may not have reported the command's group. The command may still be about to start. */
  async #findGroup(): Promise<void> {
    const untilMs = nowMs() + BEGUN_WITHIN_MS;
    while (this.#group === null && nowMs() < untilMs) {
      this.#group = groupWithVariables(this.#variables);
      if (this.#group === null) await pause(CHECK_EVERY_MS);
    }
  }

  #isCommandAlive(): boolean {
    return this.#group !== null && isGroupAlive(this.#group);
  }
}

/**
 * The environment of the guardian and its command. It has no token by default, because programs often print, log or pass on
 * their environment.
 */
function inheritedEnvironment(passToken: boolean): NodeJS.ProcessEnv {
  const { OCTOSTORE_TOKEN, ...others } = process.env;
  return passToken ? { ...others, OCTOSTORE_TOKEN } : others;
}
