import type { Request, Script, Send, Site, Workload } from '../load/script.js';
import { LockRequests } from './lock-requests.js';
import { SessionClient } from './session-client.js';

/**
 * The life of a lock, again and again: 2 of 10 requests acquire or release it, 4 renew it, 3 read its status, and 1 keeps a
 * session alive.
 */
class MixedScript implements Script {
  readonly #lock: LockRequests;
  readonly #session: SessionClient;
  #life: readonly Request[] = [];
  #position = 0;
  #holdsLock = false;

  constructor({ target, run }: Site, client: number) {
    this.#lock = new LockRequests(target, `bench/${run}/${client}`);
    this.#session = new SessionClient(target);
  }

  get isAtRest(): boolean {
    return !this.#holdsLock;
  }

  async prepare(send: Send): Promise<void> {
    await this.#session.open(send);
    const { acquire, renew, status, release } = this.#lock;
    const { keepalive } = this.#session;
    this.#life = [acquire, renew, status, renew, keepalive, status, renew, status, renew, release];
  }

  next(): Request {
    return this.#life[this.#position] ?? this.#lock.status;
  }

  answered(request: Request, succeeded: boolean): void {
    if (succeeded && request === this.#lock.acquire) this.#holdsLock = true;
    if (request === this.#lock.release) this.#holdsLock = false;
    // Without the lock there is nothing to renew or release.
    const mayGoOn = succeeded || request !== this.#lock.acquire;
    if (mayGoOn) this.#position = (this.#position + 1) % this.#life.length;
  }

  cleanup(): Request[] {
    return [this.#session.close];
  }
}

export const mixed: Workload = {
  name: 'mixed',
  about:
    'each client acquires a lock, renews it four times, reads its status three times, keeps a session alive, and releases the lock',
  begin: (site) => (client) => new MixedScript(site, client),
};
