import { randomBytes } from 'node:crypto';
import type { Settings } from '../../../src/bench/server/server-process.js';
import type { Address } from '../http/connection.js';
import { freePort } from '../postgres/free-port.js';
import type { Pair } from '../postgres/pair.js';
import { Route } from '../postgres/route.js';
import { Replica } from './replica.js';
import { ReplicaSet } from './replica-set.js';

/** The first of the ports that are easiest to remember. */
const FIRST_PORT = 3001;
const REPLICAS = 3;
const DATABASE = 'octostore';
const LED_WITHIN_MS = 120_000;

export type AddressOf = (number: number) => Address | Promise<Address>;

/** Three replicas, the database that they share, and a token for it. */
export class Team {
  private constructor(
    readonly pair: Pair,
    readonly set: ReplicaSet,
    readonly token: string,
  ) {}

  /**
   * @param more settings of the replicas, besides those that make them a team.
   * @param addressOf where the replica with this number listens. Another program may take its port while it is down, unless the
   *   address belongs to this process.
   */
  static async on(pair: Pair, more: Settings = {}, addressOf: AddressOf = memorableAddress): Promise<Team> {
    await pair.primary.query(`create database ${DATABASE}`);
    const token = randomBytes(16).toString('hex');
    const settings = {
      ...more,
      DATABASE_URL: Route.direct(pair, DATABASE),
      SECRET_KEY: randomBytes(32).toString('hex'),
      STATIC_TOKENS: `you:${token}`,
    };
    const replicas: Replica[] = [];
    for (let number = 1; number <= REPLICAS; number += 1) {
      replicas.push(new Replica({ name: String(number), address: await addressOf(number), settings }));
    }
    return new Team(pair, new ReplicaSet(replicas), token);
  }

  get replicas(): readonly Replica[] {
    return this.set.replicas;
  }

  /** Resolves with the leader when all replicas answer and one leads. Null if the signal aborts first. */
  async start(stop: AbortSignal): Promise<Replica | null> {
    const stopped = new Promise<null>((resolve) => {
      stop.addEventListener('abort', () => resolve(null), { once: true });
      if (stop.aborted) resolve(null);
    });
    const led = this.set.start().then(() => this.set.untilLed(LED_WITHIN_MS));
    led.catch(() => undefined);
    return Promise.race([led, stopped]);
  }

  /** Stops all as it should be, and removes all files. */
  async remove(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop().catch(() => null)));
    await this.set.remove();
    this.pair.remove();
  }
}

async function memorableAddress(number: number): Promise<Address> {
  return { host: '127.0.0.1', port: await freePort(FIRST_PORT - 1 + number) };
}
