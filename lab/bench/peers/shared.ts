import type { Aim, RunningPeer } from './peer.js';

/** Something that several peers use in turn, each in its own way. */
interface Service {
  readonly stop: () => Promise<void>;
}

/** Starts with the first peer that uses it, and stops with the last one. */
export class Shared<T extends Service> {
  readonly #start: () => Promise<T>;
  #service: Promise<T> | null = null;
  #users = 0;

  constructor(start: () => Promise<T>) {
    this.#start = start;
  }

  /** A peer that uses it. */
  async peer(aim: (service: T) => Promise<Aim>): Promise<RunningPeer> {
    this.#service ??= this.#start();
    const service = await this.#service.catch((error: unknown) => this.#fail(error));
    this.#users += 1;
    return { aim: () => aim(service), stop: () => this.#leave(service) };
  }

  #fail(error: unknown): never {
    this.#service = null;
    throw error;
  }

  async #leave(service: T): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    this.#service = null;
    await service.stop();
  }
}
