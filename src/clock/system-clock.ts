import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import { Clock, type CancelTimer } from './clock.js';

/** The machine's clocks. */
@Injectable()
export class SystemClock extends Clock {
  readonly #bootId = readBootId();

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

  after(delayMs: number, task: () => void): CancelTimer {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  }
}

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // Not a Linux machine.
  }
}
