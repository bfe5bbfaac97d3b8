import { nowMs, pause } from '../../../src/process/time.js';
import { FaultyProxy } from '../../kit/proxy/faulty-proxy.js';
import type { Random } from '../../kit/random.js';
import { NotStarted } from '../../kit/server/built-server.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { tokenOf } from '../../kit/load/shared-state.js';
import { staticTokens } from '../../kit/load/workload.js';
import { Guard } from './guard.js';
import { Hosts } from './hosts.js';
import { Progress } from './progress.js';

/** One client process for each philosopher of a table. */
const HOSTS = 5;

/** Less than the TTL, so that a kill of the server does not keep the locks of killed clients for much longer. */
const GRACE_SECONDS = 1;

/** Milliseconds between two kills of clients, and of the server. */
const CLIENT_KILLS_MS = { min: 600, max: 2500 };
const SERVER_KILLS_MS = { min: 1500, max: 4000 };

/** How long everyone has, once the kills have ended, to do what is still missing. In milliseconds. */
const PATIENCE_MS = 120_000;

const LOOK_EVERY_MS = 50;

/** On a slow machine there are fewer kills. Between two kills, there are so many accesses to what the locks protect. */
const ACCESSES_PER_KILL = { clients: 10, server: 40 };

export interface ArenaPlan {
  /** For how long clients and the server are killed, at least. */
  readonly seconds: number;
  /** How often the server is killed, at least. Clients are killed as often. */
  readonly serverKills: number;
  /** What each actor must have done at the end. */
  readonly turnsEach: number;
}

/** What happened, and what must not have. */
export interface Outcome {
  readonly violations: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** A server, the client processes of all programs, and what their locks protect. */
export class Arena {
  readonly #guard = new Guard();
  readonly #progress = new Progress(this.#guard.done, HOSTS);
  readonly #server: RestartedServer;
  readonly #random: Random;
  #serverKills = 0;

  constructor(random: Random, main?: string) {
    this.#random = random;
    const settings = { STATIC_TOKENS: staticTokens(HOSTS) };
    this.#server = new RestartedServer({
      graceSeconds: GRACE_SECONDS,
      settings,
      ...(main === undefined ? {} : { main }),
    });
  }

  /** Ends early if something is wrong. */
  async run(plan: ArenaPlan): Promise<Outcome> {
    const proxy = await FaultyProxy.start(() => this.#server.address, this.#random.split());
    const hosts = await this.#hosts(proxy);
    try {
      await this.#server.start();
      hosts.start();
      await this.#attack(hosts, plan);
      return { violations: this.#guard.violations, figures: this.#figures(hosts, proxy) };
    } finally {
      hosts.killAll();
      await proxy.stop();
      this.#guard.close();
      await this.#server.remove();
    }
  }

  async #hosts(proxy: FaultyProxy): Promise<Hosts> {
    const addresses = { octostore: proxy.address, guard: await this.#guard.listen() };
    return new Hosts(
      { ...addresses, hosts: HOSTS, token: '' },
      (host) => tokenOf(`u${host}`),
      this.#random.split(),
      (sentence) => this.#guard.violation(sentence),
    );
  }

  async #attack(hosts: Hosts, { seconds, serverKills, turnsEach }: ArenaPlan): Promise<void> {
    const endMs = nowMs() + seconds * 1000;
    const kills = (): number => Math.min(this.#serverKills, hosts.kills);
    const isEnough = (): boolean => nowMs() >= endMs && kills() >= serverKills;
    const isOver = (): boolean => this.#isBroken || isEnough();
    await Promise.all([this.#killClients(hosts, isOver), this.#killServer(isOver)]);
    await this.#waitUntil(() => this.#isBroken || this.#missing(turnsEach).length === 0);
    for (const sentence of this.#missing(turnsEach)) this.#guard.violation(sentence);
  }

  get #isBroken(): boolean {
    return this.#guard.violations.length > 0;
  }

  #missing(turnsEach: number): readonly string[] {
    return this.#isBroken ? [] : this.#progress.missing(turnsEach);
  }

  async #killClients(hosts: Hosts, isOver: () => boolean): Promise<void> {
    const random = this.#random.split();
    while (!isOver()) {
      await pauseUnless(isOver, random.between(CLIENT_KILLS_MS.min, CLIENT_KILLS_MS.max));
      await this.#accesses(ACCESSES_PER_KILL.clients);
      if (!isOver()) hosts.restartOne();
    }
  }

  async #killServer(isOver: () => boolean): Promise<void> {
    const random = this.#random.split();
    while (!isOver()) {
      await pauseUnless(isOver, random.between(SERVER_KILLS_MS.min, SERVER_KILLS_MS.max));
      if (!isOver()) await this.#restartServer();
      await this.#accesses(ACCESSES_PER_KILL.server);
    }
  }

  /** Resolves after so many more accesses. */
  async #accesses(count: number): Promise<void> {
    const { visits } = this.#guard;
    const before = visits.admitted;
    await this.#waitUntil(() => this.#isBroken || visits.admitted >= before + count);
  }

  async #restartServer(): Promise<void> {
    this.#guard.notices.serverIsKilled(nowMs());
    await this.#server.kill();
    this.#serverKills += 1;
    try {
      await this.#server.start();
    } catch (error) {
      if (!(error instanceof NotStarted)) throw error;
      this.#guard.violation(error.message);
    }
  }

  async #waitUntil(isDone: () => boolean): Promise<void> {
    const endMs = nowMs() + PATIENCE_MS;
    while (!isDone() && nowMs() < endMs) await pause(LOOK_EVERY_MS);
  }

  #figures(hosts: Hosts, { cuts }: FaultyProxy): Readonly<Record<string, number>> {
    const { visits, notices } = this.#guard;
    return {
      'kills of clients': hosts.kills,
      'kills of the server': this.#serverKills,
      'connections cut': cuts,
      'accesses to the guarded resource': visits.admitted,
      'accesses after the end of a lease, refused': visits.late,
      'of these, after a newer lease was seen': visits.stale,
      'holders told that someone wants their lock': notices.passedOn,
      ...this.#progress.figures,
    };
  }
}

async function pauseUnless(isOver: () => boolean, durationMs: number): Promise<void> {
  const endMs = nowMs() + durationMs;
  while (!isOver() && nowMs() < endMs) await pause(LOOK_EVERY_MS);
}
