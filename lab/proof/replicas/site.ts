import { Pair } from '../../kit/postgres/pair.js';
import { Route } from '../../kit/postgres/route.js';
import { ownAddress } from '../../kit/proxy/own-address.js';
import { Replica } from '../../kit/server/replica.js';
import { ReplicaSet, SHARED_SETTINGS } from '../../kit/server/replica-set.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { FakeWallClock } from '../time/fake-wall-clock.js';

const REPLICAS = 3;
const DATABASE = 'octostore';
const LED_WITHIN_MS = 120_000;

/** Everything that a proof can attack. */
export class Site {
  readonly set: ReplicaSet;
  /** Has clients read all locks through one replica. */
  readThrough: (replica: Replica) => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly pair: Pair,
    private readonly members: readonly Member[],
  ) {
    this.set = new ReplicaSet(members.map(({ replica }) => replica));
  }

  /** Starts all, and waits until a replica leads. */
  static async open(settings: Settings, main?: string): Promise<Site> {
    const pair = await Pair.create();
    if (pair === null) throw new Error('PostgreSQL is not installed (Debian: postgresql)');
    const remove = (): void => pair.remove();
    process.once('exit', remove);
    await pair.primary.query(`create database ${DATABASE}`);
    const members = await Promise.all(
      Array.from({ length: REPLICAS }, (_, index) => newMember(pair, String(index + 1), settings, main)),
    );
    const site = new Site(pair, members);
    try {
      await site.set.start();
      await site.leader();
      return site;
    } catch (error) {
      await site.remove();
      throw error;
    }
  }

  get replicas(): readonly Replica[] {
    return this.set.replicas;
  }

  get clocks(): readonly FakeWallClock[] {
    return this.members.map(({ clock }) => clock);
  }

  /** The network between a replica and the database. */
  routeOf(replica: Replica): Route {
    const member = this.members.find((one) => one.replica === replica);
    if (member === undefined) throw new Error(`there is no replica ${replica.name} here`);
    return member.route;
  }

  /** Resolves with the leader as soon as there is one. */
  leader(): Promise<Replica> {
    return this.set.untilLed(LED_WITHIN_MS);
  }

  async remove(): Promise<void> {
    await this.set.remove();
    await Promise.all(this.members.map(({ route }) => route.stop()));
    for (const { clock } of this.members) clock.remove();
    this.pair.remove();
  }
}

interface Member {
  readonly replica: Replica;
  readonly route: Route;
  readonly clock: FakeWallClock;
}

async function newMember(pair: Pair, name: string, settings: Settings, main?: string): Promise<Member> {
  const route = await Route.to(pair);
  const clock = new FakeWallClock();
  const all = {
    ...SHARED_SETTINGS,
    DATABASE_URL: route.databaseUrl(DATABASE),
    ...settings,
    ...clock.environment,
  };
  const options = { name, address: ownAddress(), settings: all };
  return { replica: new Replica(main === undefined ? options : { ...options, main }), route, clock };
}
