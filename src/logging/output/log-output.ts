import { write, writeSync } from 'node:fs';
import type { Clock } from '../../clock/clock.js';
import { codeOf } from '../../errors/system-error-code.js';
import type { Descriptor } from './descriptor.js';
import { isMidLine, LineQueue, linesLeft, onLineOfItsOwn, type Batch } from './line-queue.js';

/** How long to leave a reader alone that takes nothing, in milliseconds. */
const TRY_AGAIN_MS = 25;

/** Writes on behalf of `LogOutput`; the tests have their own. */
export interface Writes {
  /** Returns how many bytes were written. */
  readonly sync: (fd: number, bytes: Buffer, offset: number) => number;
  readonly async: (
    fd: number,
    bytes: Buffer,
    offset: number,
    done: (error: Error | null, count: number) => void,
  ) => void;
}

/**
 * Where the log goes. It never blocks, never throws, and holds a bounded amount: lines that find no room, or that cannot be
 * written, are dropped and counted. Once lines get through again, `onRecovered` is told how many were dropped meanwhile.
 *
 * Lines to a pipe or a terminal are written at once, without waiting. Writes to a file can take as long as the disk likes, so
 * they are made by the thread pool: one at a time, because SQLite's commits need its threads too.
 */
export class LogOutput {
  readonly #open: () => Descriptor;
  readonly #clock: Clock;
  readonly #writes: Writes;
  readonly #queue: LineQueue;
  #descriptor: Descriptor | null = null;
  #batch: Batch | null = null;
  /** Whether a write is under way or put off; whatever comes meanwhile waits. */
  #isBusy = false;
  #isInMidLine = false;
  #dropped = 0;
  #unreported = 0;
  #idleListeners: (() => void)[] = [];
  /** Told that lines get through again, and how many were dropped before. */
  onRecovered: (dropped: number) => void = () => undefined;

  /** @param lengthMax characters that may wait to be written. */
  constructor(
    open: () => Descriptor,
    clock: Clock,
    lengthMax: number,
    writes: Writes = { sync: writeSync, async: write },
  ) {
    this.#open = open;
    this.#clock = clock;
    this.#writes = writes;
    this.#queue = new LineQueue(lengthMax);
  }

  /** Lines dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  set lengthMax(characters: number) {
    this.#queue.lengthMax = characters;
  }

  /** Takes whole lines. */
  write(text: string): void {
    if (!this.#queue.add(text)) this.#drop(1);
    if (!this.#isBusy) this.#go();
  }

  /** Resolves when everything has been written, or after `limitMs`. */
  async flush(limitMs: number): Promise<void> {
    if (!this.#isBusy) return;
    const idle = new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    await Promise.race([idle, this.#clock.pause(limitMs)]);
  }

  /** A last attempt, for a process that ends at once. Waits for nobody, except for the disk that holds a log file. */
  flushAtExit(): void {
    if (!this.#isBusy || this.#descriptor === null) return;
    const { isNonBlocking, isFile } = this.#descriptor;
    if (isNonBlocking) this.#go();
    // The thread pool finishes the batch that it has.
    if (!isFile) return;
    this.#batch = null;
    while (this.#nextBatch() !== null && this.#writeNow(this.#descriptor.fd));
  }

  #go(): void {
    this.#isBusy = true;
    const descriptor = this.#opened();
    if (descriptor === null) return this.#giveUp();
    if (!descriptor.isNonBlocking) return this.#writeElsewhere(descriptor.fd);
    while (this.#nextBatch() !== null) if (!this.#writeNow(descriptor.fd)) return this.#tryLater();
    this.#idle();
  }

  #opened(): Descriptor | null {
    try {
      return (this.#descriptor ??= this.#open());
    } catch {
      return null;
    }
  }

  /** The batch under way, or else the next one; null if there is nothing to write. */
  #nextBatch(): Batch | null {
    if (this.#batch !== null) return this.#batch;
    const batch = this.#queue.take();
    if (batch === null) return null;
    return (this.#batch = this.#isInMidLine ? onLineOfItsOwn(batch) : batch);
  }

  /** Returns false if nothing can be written for now. */
  #writeNow(fd: number): boolean {
    const batch = this.#batch;
    if (batch === null) return true;
    try {
      this.#wrote(batch, this.#writes.sync(fd, batch.bytes, batch.written));
    } catch (error) {
      if (isFull(error)) return false;
      this.#fail(batch);
    }
    return true;
  }

  #writeElsewhere(fd: number): void {
    const batch = this.#nextBatch();
    if (batch === null) return this.#idle();
    this.#writes.async(fd, batch.bytes, batch.written, (error, count) => {
      if (isFull(error)) return this.#tryLater();
      if (error === null) this.#wrote(batch, count);
      else this.#fail(batch);
      this.#writeElsewhere(fd);
    });
  }

  #wrote(batch: Batch, count: number): void {
    batch.written += count;
    if (batch.written < batch.bytes.length) return;
    this.#isInMidLine = false;
    this.#batch = null;
    if (this.#queue.isEmpty) this.#recovered();
  }

  /** The reader has gone, or the disk is full: what comes next may fare better. */
  #fail(batch: Batch): void {
    this.#isInMidLine = isMidLine(batch) || (this.#isInMidLine && batch.written === 0);
    this.#batch = null;
    this.#drop(linesLeft(batch));
  }

  #tryLater(): void {
    this.#clock.after(TRY_AGAIN_MS, () => this.#go());
  }

  #giveUp(): void {
    this.#isBusy = false;
    for (let batch = this.#nextBatch(); batch !== null; batch = this.#nextBatch()) this.#fail(batch);
  }

  #drop(lines: number): void {
    this.#dropped += lines;
    this.#unreported += lines;
  }

  #recovered(): void {
    const dropped = this.#unreported;
    if (dropped === 0) return;
    this.#unreported = 0;
    // What it logs is written next, since a write is under way.
    this.onRecovered(dropped);
  }

  #idle(): void {
    this.#isBusy = false;
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const listener of listeners) listener();
  }
}

function isFull(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EAGAIN' || code === 'EWOULDBLOCK';
}
