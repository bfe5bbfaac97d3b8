import type { OctoStoreClient } from '@octostore/client';
import { at, nowMs, type CancelTimer } from '../../../process/time.js';
import type { Names } from './names.js';
import { waitingText } from './waiting-text.js';

const CLEAR_LINE = '\r\u001B[2K';

/** Milliseconds between updates. */
const EVERY_MS = 1000;

/** Shows in one line what a command waits for, if standard error is a terminal. */
export class WaitingLine {
  readonly #client: Pick<OctoStoreClient, 'lockStatus' | 'queue'>;
  readonly #names: Names;
  readonly #out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;
  readonly #sinceMs = nowMs();
  #cancel: CancelTimer | undefined;
  #isOver = false;
  #isShown = false;

  constructor(
    client: Pick<OctoStoreClient, 'lockStatus' | 'queue'>,
    names: Names,
    out: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
  ) {
    this.#client = client;
    this.#names = names;
    this.#out = out;
  }

  /** Shows the line from now on. `leaseId` is that of the request that waits. */
  start(leaseId: string): void {
    if (!this.#out.isTTY || this.#isOver) return;
    this.#cancel = at(nowMs() + EVERY_MS, () => void this.#update(leaseId));
  }

  /** Removes the line. */
  stop(): void {
    this.#isOver = true;
    this.#cancel?.();
    if (this.#isShown) this.#out.write(CLEAR_LINE);
  }

  async #update(leaseId: string): Promise<void> {
    // The line is a courtesy: if it cannot be had, the wait goes on without it.
    const text = await this.#text(leaseId).catch(() => null);
    if (this.#isOver) return;
    if (text !== null) this.#show(text);
    this.start(leaseId);
  }

  /** A line that wraps could not be removed. */
  #show(text: string): void {
    this.#isShown = true;
    this.#out.write(CLEAR_LINE + text.slice(0, Math.max(0, (this.#out.columns || 80) - 1)));
  }

  async #text(leaseId: string): Promise<string> {
    const lock = await this.#obstacle();
    const queue = await this.#client.queue(lock.name);
    return waitingText({ lock, queue, leaseId, seconds: (nowMs() - this.#sinceMs) / 1000 });
  }

  /** The first lock that is held or delayed, or else the first. */
  async #obstacle(): ReturnType<OctoStoreClient['lockStatus']> {
    for (const name of this.#names) {
      const lock = await this.#client.lockStatus(name);
      if (lock.status !== 'available') return lock;
    }
    return this.#client.lockStatus(this.#names[0]);
  }
}
