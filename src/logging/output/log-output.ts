import { write, writeSync } from 'node:fs';
import type { Clock } from '../../clock/clock.js';
import { codeOf } from '../../errors/system-error-code.js';
import type { Descriptor } from './descriptor.js';
import { isMidLine, LineQueue, unfinishedLines, onNewLine, type Batch } from './line-queue.js';

/** How long to wait before the next write when the reader is not reading, in milliseconds. */
const TRY_AGAIN_MS = 25;

/** How `LogOutput` writes. Tests pass their own. */
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
 * The output of the log. It never blocks, never throws, and its memory is limited. Lines that do not fit, or that cannot be
 * written, are dropped and counted. Once lines can be written again, it calls `onRecovered` with the number of dropped lines.
 *
 * Lines to a pipe or a terminal are written at once, without waiting. A write to a file can take long, so the thread pool
 * does it, one at a time, because SQLite's commits need its threads too.
 */
export class LogOutput {
  readonly #open: () => Descriptor;
  readonly #clock: Clock;
  readonly #writes: Writes;
  readonly #queue: LineQueue;
  #descriptor: Descriptor | null = null;
  #batch: Batch | null = null;
  /** Whether a write is under way or postponed. New lines wait meanwhile. */
  #isBusy = false;
  #isInMidLine = false;
  #dropped = 0;
  #unreported = 0;
  #idleListeners: (() => void)[] = [];
  /** Called when lines can be written again, with the number that were dropped before. */
  onRecovered: (dropped: number) => void = () => undefined;

  /** @param lengthMax How many characters may wait to be written. */
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

  /** Writes whole lines. */
  write(text: string): void {
    if (!this.#queue.add(text)) this.#drop(1);
    if (!this.#isBusy) this.#writeNext();
  }

  /** Resolves when everything has been written, or after `limitMs`. */
  async flush(limitMs: number): Promise<void> {
    if (!this.#isBusy) return;
    const idle = new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    await Promise.race([idle, this.#clock.pause(limitMs)]);
  }

  /** A last attempt, for a process that is about to exit. Waits for no reader, only for the disk of a log file. */
  flushAtExit(): void {
    if (!this.#isBusy || this.#descriptor === null) return;
    const { isNonBlocking, isFile } = this.#descriptor;
    if (isNonBlocking) this.#writeNext();
    // The thread pool finishes the batch that it is writing.
    if (!isFile) return;
    this.#batch = null;
    while (this.#nextBatch() !== null && this.#writeNow(this.#descriptor.fd));
  }

  #writeNext(): void {
    this.#isBusy = true;
    const descriptor = this.#opened();
    if (descriptor === null) return this.#dropAll();
    if (!descriptor.isNonBlocking) return this.#writeOnThreadPool(descriptor.fd);
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

  /** The current batch, or else the next one. Null if there is nothing to write. */
  #nextBatch(): Batch | null {
    if (this.#batch !== null) return this.#batch;
    const batch = this.#queue.take();
    if (batch === null) return null;
    return (this.#batch = this.#isInMidLine ? onNewLine(batch) : batch);
  }

  /** Returns false if nothing can be written for now. */
  #writeNow(fd: number): boolean {
    const batch = this.#batch;
    if (batch === null) return true;
    try {
      this.#wrote(batch, this.#writes.sync(fd, batch.bytes, batch.written));
    } catch (error) {
      if (wouldBlock(error)) return false;
      this.#fail(batch);
    }
    return true;
  }

  #writeOnThreadPool(fd: number): void {
    const batch = this.#nextBatch();
    if (batch === null) return this.#idle();
    this.#writes.async(fd, batch.bytes, batch.written, (error, count) => {
      if (wouldBlock(error)) return this.#tryLater();
      if (error === null) this.#wrote(batch, count);
      else this.#fail(batch);
      this.#writeOnThreadPool(fd);
    });
  }

  #wrote(batch: Batch, count: number): void {
    batch.written += count;
    if (batch.written < batch.bytes.length) return;
    this.#isInMidLine = false;
    this.#batch = null;
    if (this.#queue.isEmpty) this.#recovered();
  }

  /** Drops a batch: the reader has gone, or the disk is full. Later writes may succeed. */
  #fail(batch: Batch): void {
    this.#isInMidLine = isMidLine(batch) || (this.#isInMidLine && batch.written === 0);
    this.#batch = null;
    this.#drop(unfinishedLines(batch));
  }

  #tryLater(): void {
    this.#clock.after(TRY_AGAIN_MS, () => this.#writeNext());
  }

  #dropAll(): void {
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
    // Lines that this logs are written next, because a write is under way.
    this.onRecovered(dropped);
  }

  #idle(): void {
    this.#isBusy = false;
    const listeners = this.#idleListeners;
    this.#idleListeners = [];
    for (const listener of listeners) listener();
  }
}

function wouldBlock(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EAGAIN' || code === 'EWOULDBLOCK';
}
