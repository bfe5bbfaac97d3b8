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
 * Tells when the input that waits now has been taken, by a message to ourselves that waits its turn among it. With thousands
 * of busy connections one turn of the event loop takes input dozens of times, and `setImmediate` comes only after that.
 *
 * Two channels take turns: a port also hands out at once what is sent to it meanwhile, a thousand messages in a row, so that a
 * task that asks again and again would keep all input waiting. As it is, input is taken before every second task at least.
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
    channel.port2.on('message', () => this.#done());
    channel.port2.unref();
    return channel;
  }

  #done(): void {
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
    return null; // Not a Linux machine.
  }
}
