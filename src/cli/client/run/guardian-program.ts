/*
 * The guardian: a process of its own between `octostore lock run` and its command. It starts the command, keeps the
 * deadline, and stops the command in time, also if the process that holds the lock is stopped or killed.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { at, nowMs, type CancelTimer } from '../../../process/time.js';
import { GONE_WITHIN_MS, KILL_AFTER_LOSS_MS, LOOK_EVERY_MS } from './stop-times.js';
import type { Order, Report, Start } from './messages.js';
import { isGroupAlive, signalGroup } from './process-group.js';
import { FORWARDED } from './signals.js';

/** The command, from its start until no process of its group is alive. */
class Command {
  readonly #start: Start;
  /** When the command must be gone. */
  #killAtMs: number;
  #group: number | null = null;
  #cancelDeadline: CancelTimer = () => undefined;
  #cancelKill: CancelTimer = () => undefined;
  /** When what is being stopped is killed; null while nothing is. */
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
      if (child.pid === undefined) finish({ type: 'failed', code: error.code ?? error.message });
    });
    if (child.pid === undefined) return;
    this.#group = child.pid;
    child.once('exit', (code, signal) => this.#exited(code, signal));
    tell({ type: 'started', group: this.#group });
    this.#awaitDeadline();
  }

  /** Null if that fails at once, as for a file in the place of a folder or too long arguments. */
  #spawn(): ChildProcess | null {
    const { env } = this.#start;
    const [file, args] = commandLineOf(this.#start);
    try {
      return spawn(file, args, { stdio: 'inherit', detached: true, env: { ...process.env, ...env } });
    } catch (error) {
      finish({ type: 'failed', code: (error as NodeJS.ErrnoException).code ?? String(error) });
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

  /** What the command runs for is lost, or nobody is there any more who could say. */
  stop(withinMs = this.#start.graceMs): void {
    this.#wasStopped = true;
    this.#stopBy(Math.min(nowMs() + withinMs, this.#killAtMs));
  }

  #awaitDeadline(): void {
    this.#cancelDeadline();
    this.#cancelDeadline = at(this.#killAtMs - this.#start.graceMs, () => this.stop());
  }

  /** SIGTERM now, SIGKILL then. Once begun it only comes sooner. */
  #stopBy(killAtMs: number): void {
    this.#cancelDeadline();
    if (this.#stopsAtMs === null) {
      this.signal('SIGTERM');
      // What is stopped could not heed it otherwise.
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
    if (this.#isAlive()) at(nowMs() + LOOK_EVERY_MS, () => this.#endWhenGone());
    else this.#end(true);
  }

  #isAlive(): boolean {
    return this.#group !== null && isGroupAlive(this.#group);
  }

  #end(isGone: boolean): void {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    finish({ type: 'ended', code, signal, wasStopped: this.#wasStopped, isGone });
  }
}

/** Node resets ignored signals in what it starts, but a shell hands on what it ignores to the program that it turns into. */
const HANGUP_IGNORED = `trap '' HUP; exec "$0" "$@"`;

function commandLineOf({ file, args, ignoresHangup }: Start): readonly [string, readonly string[]] {
  return ignoresHangup ? ['/bin/sh', ['-c', HANGUP_IGNORED, file, ...args]] : [file, args];
}

let command: Command | null = null;

function obey(order: Order): void {
  if (order.type === 'start') {
    command = new Command(order);
    command.start();
  } else if (order.type === 'extend') command?.extend(order.killAtMs);
  else if (order.type === 'signal') command?.signal(order.signal);
  else command?.stop(KILL_AFTER_LOSS_MS);
}

function tell(report: Report): void {
  // Whoever is gone is not told; that it is gone shows as a disconnect.
  process.send?.(report, undefined, undefined, () => undefined);
}

/** The last words. */
function finish(report: Report): void {
  if (process.connected) process.send?.(report, undefined, undefined, () => process.exit());
  else process.exit();
}

// A supervisor that tells all processes to stop must not take away the guard: the command ends, and then this does.
for (const signal of FORWARDED) process.on(signal, () => undefined);
process.on('message', obey);
process.on('disconnect', () => {
  if (command === null) process.exit();
  command.stop();
});
