import type { Request, Script, Send, Site } from '../load/script.js';
import { LockRequests, ttlFor } from './lock-requests.js';

/** Holds its own lock and sends the same request for it again and again. */
export class Holding implements Script {
  readonly #lock: LockRequests;
  readonly #repeated: Request;

  constructor({ target, run, seconds }: Site, client: number, repeated: 'renew' | 'status') {
    this.#lock = new LockRequests(target, `bench/${run}/${client}`, { ttlSeconds: ttlFor(seconds) });
    this.#repeated = this.#lock[repeated];
  }

  async prepare(send: Send): Promise<void> {
    await send(this.#lock.acquire);
  }

  next(): Request {
    return this.#repeated;
  }

  cleanup(): Request[] {
    return [this.#lock.release];
  }
}
