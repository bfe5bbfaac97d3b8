/*
 * The guardian: a separate process between `octostore lock run` and its command. It starts the command, watches the deadline,
 * and stops the command in time, even if the process that holds the lock is stopped or killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { at, exitWithin, nowMs, type CancelTimer } from '../../../process/time.js';
import { GONE_WITHIN_MS, KILL_AFTER_LOSS_MS, CHECK_EVERY_MS } from './stop-times.js';
import type { LastRequest, Order, Report, Start } from './messages.js';
import { isGroupAlive, signalGroup } from './process-group.js';
import { FORWARDED_SIGNALS } from './signals.js';

/** The command, from its start until every process of its group has ended. */
class Command {
  readonly #start: Start;
  /** When the command must have ended. */
  #killAtMs: number;
  #group: number | null = null;
  #child: ChildProcess | null = null;
  #cancelDeadline: CancelTimer = () => undefined;
  #cancelKill: CancelTimer = () => undefined;
  /** When the command is killed. Null unless it is being stopped. */
  #stopsAtMs: number | null = null;
  #wasStopped = false;
  #exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | null = null;

  constructor(start: Start) {
    this.#start = start;
    this.#killAtMs = start.killAtMs;
  }

  /** Starts the command, if there is time left for it. */
  start(): void {
    if (nowMs() >= this.#killAtMs - this.#start.graceMs) {
      this.#wasStopped = true;
      this.#end(true);
      return;
    }
    const child = this.#spawn();
    if (child === null) return;
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) this.#fail(error.code ?? error.message);
    });
    if (child.pid === undefined) return;
    this.#group = child.pid;
    this.#child = child;
    child.once('exit', (code, signal) => this.#exited(code, signal));
    report({ type: 'started', group: this.#group });
    this.#awaitDeadline();
  }

  /** Returns null if it fails at once, such as when the arguments are too long. */
  #spawn(): ChildProcess | null {
    const { env } = this.#start;
    const [file, args] = commandLineOf(this.#start);
    try {
      return spawn(file, args, { stdio: 'inherit', detached: true, env: { ...process.env, ...env } });
    } catch (error) {
      this.#fail((error as NodeJS.ErrnoException).code ?? String(error));
      return null;
    }
  }

  extend(killAtMs: number): void {
    if (this.#stopsAtMs !== null) return;
    this.#killAtMs = killAtMs;
    this.#awaitDeadline();
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#group !== null) signalGroup(this.#group, signal);
  }

  /** Sends a signal to the command's own process. */
  notify(signal: NodeJS.Signals): void {
    if (this.#exit === null) this.#child?.kill(signal);
  }

  /** Stops the command: the lock or session is lost, or the process that holds it has gone. */
  stop(withinMs = this.#start.graceMs): void {
    this.#wasStopped = true;
    this.#stopBy(Math.min(nowMs() + withinMs, this.#killAtMs));
  }

  #awaitDeadline(): void {
    this.#cancelDeadline();
    this.#cancelDeadline = at(this.#killAtMs - this.#start.graceMs, () => this.stop());
  }

  /** Sends SIGTERM now and SIGKILL at `killAtMs`. A later call can only make SIGKILL come sooner. */
  #stopBy(killAtMs: number): void {
    this.#cancelDeadline();
    if (this.#stopsAtMs === null) {
      this.signal('SIGTERM');
      // A stopped process handles SIGTERM only after it continues.
      this.signal('SIGCONT');
    }
    this.#stopsAtMs = Math.min(this.#stopsAtMs ?? Infinity, killAtMs);
    this.#cancelKill();
    this.#cancelKill = at(this.#stopsAtMs, () => this.#kill());
  }

  #kill(): void {
    this.signal('SIGKILL');
    this.#cancelKill = at(nowMs() + GONE_WITHIN_MS, () => this.#end(false));
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.#exit = { code, signal };
    this.#cancelDeadline();
    if (this.#isAlive()) this.#stopBy(Math.min(nowMs() + this.#start.graceMs, this.#killAtMs));
    this.#endWhenGone();
  }

  #endWhenGone(): void {
    if (this.#isAlive()) at(nowMs() + CHECK_EVERY_MS, () => this.#endWhenGone());
    else this.#end(true);
  }

  #isAlive(): boolean {
    return this.#group !== null && isGroupAlive(this.#group);
  }

  #end(isGone: boolean): void {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const ended = { type: 'ended', code, signal, wasStopped: this.#wasStopped, isGone } as const;
    reportAndExit(ended, this.#start.lastRequest);
  }

  #fail(code: string): void {
    reportAndExit({ type: 'failed', code }, this.#start.lastRequest);
  }
}

/** Node resets ignored signals in its child processes. A shell that replaces itself with a program keeps them ignored. */
const HANGUP_IGNORED = `trap '' HUP; exec "$0" "$@"`;

function commandLineOf({ file, args, ignoresHangup }: Start): readonly [string, readonly string[]] {
  return ignoresHangup ? ['/bin/sh', ['-c', HANGUP_IGNORED, file, ...args]] : [file, args];
}

let command: Command | null = null;

function carryOut(order: Order): void {
  if (order.type === 'start') {
    command = new Command(order);
    command.start();
  } else if (order.type === 'extend') command?.extend(order.killAtMs);
  else if (order.type === 'signal') command?.signal(order.signal);
  else if (order.type === 'notify') command?.notify(order.signal);
  else command?.stop(KILL_AFTER_LOSS_MS);
}

function report(message: Report): void {
  // If the parent has gone, the `disconnect` event tells us.
  process.send?.(message, undefined, undefined, () => undefined);
}

/** How long to try to give the lock or session back, in milliseconds. */
const LAST_REQUEST_MS = 5000;

/** Sends the last report, then exits. */
function reportAndExit(report: Report, lastRequest: LastRequest): void {
  if (process.connected) process.send?.(report, undefined, undefined, () => process.exit());
  else if (report.type === 'ended' && !report.isGone) process.exit();
  else void giveBack(lastRequest);
}

/** The process that holds the lock or session was killed, so this one gives it back. */
async function giveBack({ access, held }: LastRequest): Promise<void> {
  exitWithin(LAST_REQUEST_MS);
  try {
    const { clientWith } = await import('../connection/access.js');
    const client = clientWith(access);
    if ('sessionId' in held) await client.endSession(held.sessionId);
    else await client.release(held.lock, held.leaseId);
  } catch {
    // It expires on its own.
  }
  process.exit();
}

// If a supervisor tells all processes to stop, the guardian must not end first. The command ends, and then the guardian does.
for (const signal of FORWARDED_SIGNALS) process.on(signal, () => undefined);
process.on('message', carryOut);
process.on('disconnect', () => {
  if (command === null) process.exit();
  command.stop();
});
