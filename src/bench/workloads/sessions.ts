import type { Request, Script, Send, Site, Workload } from '../load/script.js';
import { SessionClient } from './session-client.js';

class KeepingAlive implements Script {
  readonly #session: SessionClient;
  #keepalive: Request | null = null;

  constructor({ target }: Site) {
    this.#session = new SessionClient(target);
  }

  async prepare(send: Send): Promise<void> {
    await this.#session.open(send);
    this.#keepalive = this.#session.keepalive;
  }

  next(): Request {
    return (this.#keepalive ??= this.#session.keepalive);
  }

  cleanup(): Request[] {
    return [this.#session.close];
  }
}

export const sessions: Workload = {
  name: 'sessions',
  about: 'each client keeps its own session alive; every reply is a durable write',
  begin: (site) => () => new KeepingAlive(site),
};
