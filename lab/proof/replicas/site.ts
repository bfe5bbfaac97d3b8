import { Pair } from '../../kit/postgres/pair.js';
import { Route } from '../../kit/postgres/route.js';
import { ownAddress } from '../../kit/proxy/own-address.js';
import { Replica } from '../../kit/server/replica.js';
import { ReplicaSet, SHARED_SETTINGS } from '../../kit/server/replica-set.js';
import type { Settings } from '../../../src/bench/server/server-process.js';
import { nowMs, pause } from '../../../src/process/time.js';
import { expectFast } from '../time/expect-fast.js';
import type { FakeClock } from '../time/fake-clock.js';
import { FakeWallClock } from '../time/fake-wall-clock.js';
import { FastClock } from '../time/fast-clock.js';
import { expectFastClock, FAST_RATE } from './fast-replica.js';

const DATABASE = 'octostore';
const LED_WITHIN_MS = 120_000;
const POLL_MS = 25;

/** Everything that a proof can attack. */
export class Site {
  readonly set: ReplicaSet;
  /** Has clients read all locks through one replica. */
  readThrough: (replica: Replica) => Promise<void> = () => Promise.resolve();
  /** Has a client get a lock through one replica, and another one read it through another replica afterwards. */
  grantAndRead: (granting: Replica, reading: Replica, meanwhile: () => void) => Promise<void> = () =>
    Promise.resolve();

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
    const clocks = [new FakeWallClock(), new FakeWallClock(), new FastClock(FAST_RATE)];
    const members = await Promise.all(
      clocks.map((clock, index) => newMember(pair, clock, { name: String(index + 1), settings, main })),
    );
    const site = new Site(pair, members);
    try {
      await site.set.start();
      await site.leader();
      await site.#expectFast();
      return site;
    } catch (error) {
      await site.remove();
      throw error;
    }
  }

  get replicas(): readonly Replica[] {
    return this.set.replicas;
  }

  get clocks(): readonly FakeClock[] {
    return this.members.map(({ clock }) => clock);
  }

  isFast(replica: Replica): boolean {
    return this.#memberOf(replica).clock instanceof FastClock;
  }

  /** The network between a replica and the database. */
  routeOf(replica: Replica): Route {
    return this.#memberOf(replica).route;
  }

  /** Resolves with the leader as soon as there is one. */
  leader(): Promise<Replica> {
    return this.set.untilLed(LED_WITHIN_MS);
  }

  /** Resolves with the leader as soon as it is another one than this. */
  async leaderAfter(former: Replica): Promise<Replica> {
    const untilMs = nowMs() + LED_WITHIN_MS;
    for (;;) {
      const leader = await this.set.leader();
      if (leader !== null && leader !== former) return leader;
      if (nowMs() > untilMs)
        throw new Error(`no replica took over from replica ${former.name}\n${this.#said()}`);
      await pause(POLL_MS);
    }
  }

  /** What each replica has last said. */
  #said(): string {
    return this.replicas
      .map(({ name, isUp, output }) => `replica ${name}, ${isUp ? 'up' : 'down'}:\n${output}`)
      .join('\n');
  }

  #memberOf(replica: Replica): Member {
    const member = this.members.find((one) => one.replica === replica);
    if (member === undefined) throw new Error(`there is no replica ${replica.name} here`);
    return member;
  }

  async #expectFast(): Promise<void> {
    for (const { replica, clock } of this.members) {
      if (clock instanceof FastClock) await Promise.all([expectFast(clock), expectFastClock(replica)]);
    }
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
  readonly clock: FakeClock;
}

interface MemberOptions {
  readonly name: string;
  readonly settings: Settings;
  readonly main: string | undefined;
}

async function newMember(
  pair: Pair,
  clock: FakeClock,
  { name, settings, main }: MemberOptions,
): Promise<Member> {
  const route = await Route.to(pair);
  const all = {
    ...SHARED_SETTINGS,
    DATABASE_URL: route.databaseUrl(DATABASE),
    ...settings,
    ...clock.environment,
  };
  const options = { name, address: ownAddress(), settings: all };
  return { replica: new Replica(main === undefined ? options : { ...options, main }), route, clock };
}
