import { readFileSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { Injectable } from '@nestjs/common';
import { Clock, type CancelTimer } from './clock.js';

/** The machine's clocks. */
@Injectable()
export class SystemClock extends Clock {
  readonly #bootId = readBootId();
  readonly #backlog = new Backlog();

  /** CLOCK_MONOTONIC, which all processes of one boot share. */
  monotonicMs(): number {
    return Number(process.hrtime.bigint()) / 1e6;
  }

  wallMs(): number {
    return Date.now();
  }

  bootId(): string | null {
    return this.#bootId;
  }

  defer(task: () => void): void {
    setImmediate(task);
  }

  afterBacklog(task: () => void): void {
    this.#backlog.after(task);
  }

  after(delayMs: number, task: () => void): CancelTimer {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }

  override pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, durationMs);
    });
  }
}

/**
 * Runs tasks after the input that is waiting now has been read, by sending ourselves a message that is queued behind it. With
 * thousands of busy connections, one turn of the event loop reads input dozens of times, and `setImmediate` runs only after
 * all of that.
 *
 * There are two channels because a port also delivers messages that are sent while it is delivering, up to a thousand in a
 * row. A task that schedules itself again could thus block all input. With two alternating channels, input is read at least
 * before every second task.
 */
class Backlog {
  #next = this.#open();
  #other = this.#open();
  #tasks: (() => void)[] = [];

  after(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) this.#next.port1.postMessage(null);
  }

  #open(): MessageChannel {
    const channel = new MessageChannel();
    channel.port2.on('message', () => this.#runTasks());
    channel.port2.unref();
    return channel;
  }

  #runTasks(): void {
    [this.#next, this.#other] = [this.#other, this.#next];
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // This is not Linux.
  }
}
