import { Pair } from '../../kit/postgres/pair.js';
import { Route } from '../../kit/postgres/route.js';
import { ownAddress } from '../../kit/proxy/own-address.js';
import { Replica } from '../../kit/server/replica.js';
import { ReplicaSet, SHARED_SETTINGS } from '../../kit/server/replica-set.js';

const REPLICAS = 3;
const DATABASE = 'octostore';
const LED_WITHIN_MS = 120_000;

export const TOKEN = 'token-for-hand-overs-1';

/** Three replicas on a primary with a synchronous standby, with nothing in between. */
export class Stage {
  private constructor(
    readonly pair: Pair,
    readonly set: ReplicaSet,
  ) {}

  static async open(): Promise<Stage> {
    const pair = await Pair.create();
    if (pair === null) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
    process.once('exit', () => pair.remove());
    await pair.primary.query(`create database ${DATABASE}`);
    const settings = {
      ...SHARED_SETTINGS,
      DATABASE_URL: Route.direct(pair, DATABASE),
      STATIC_TOKENS: `bench:${TOKEN}`,
      MAX_LOCKS_PER_USER: '10000000',
      MAX_LOCKS: '10000000',
    };
    const replicas = Array.from(
      { length: REPLICAS },
      (_, index) => new Replica({ name: String(index + 1), address: ownAddress(), settings }),
    );
    const stage = new Stage(pair, new ReplicaSet(replicas));
    await stage.set.start();
    await stage.leader();
    return stage;
  }

  leader(): Promise<Replica> {
    return this.set.untilLed(LED_WITHIN_MS);
  }

  async remove(): Promise<void> {
    await this.set.remove();
    this.pair.remove();
  }
}
