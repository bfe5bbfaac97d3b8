import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { OctoStoreClient, type LockHandle } from '@octostore/client';
import { LEADER_ELECTION, type Leader, type LeaderElectionOptions } from './leader-election.decorator.js';

/** Runs the elections of all providers with `@LeaderElection`. Inject it to ask whether this replica leads. */
@Injectable()
export class LeaderElections implements OnApplicationBootstrap {
  readonly #log = new Logger('OctoStore');
  readonly #client: OctoStoreClient;
  readonly #discovery: DiscoveryService;
  readonly #leading = new Map<string, LockHandle>();

  constructor(client: OctoStoreClient, discovery: DiscoveryService) {
    this.#client = client;
    this.#discovery = discovery;
  }

  /** The lock with which this replica leads the election of this name. Null if it does not lead. */
  leading(name: string): LockHandle | null {
    const lock = this.#leading.get(name);
    return lock === undefined || lock.isLost ? null : lock;
  }

  onApplicationBootstrap(): void {
    for (const wrapper of this.#discovery.getProviders({ metadataKey: LEADER_ELECTION.KEY })) {
      const options = this.#discovery.getMetadataByDecorator(LEADER_ELECTION, wrapper);
      if (options === undefined) continue;
      if (!wrapper.isDependencyTreeStatic()) throw new Error(notStatic(wrapper.name as unknown));
      this.#campaign(options, wrapper.instance as Leader);
    }
  }

  #campaign({ name, ...options }: LeaderElectionOptions, leader: Leader): void {
    const election = this.#client.elect(name, options, (lock, signal) => this.#lead(leader, lock, signal));
    election.catch((error: unknown) =>
      this.#log.error(`This replica has left the election of ${name}, because of an error.`, error),
    );
  }

  async #lead(leader: Leader, lock: LockHandle, signal: AbortSignal): Promise<void> {
    this.#leading.set(lock.name, lock);
    try {
      await leader.onLeading(lock, signal);
      await abortOf(signal);
    } finally {
      this.#leading.delete(lock.name);
      await leader.onLost?.();
    }
  }
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function notStatic(name: unknown): string {
  return `${String(name)} cannot lead, because it is not a singleton. Give it and its dependencies the default scope.`;
}
