import { NotStarted } from '../../kit/server/built-server.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { Attack } from './bug.js';
import { checkHistory } from '../../kit/history/check-history.js';
import { EventChecker } from './event-checker.js';
import { killRepeatedly } from '../../kit/load/kills.js';
import { SCENARIO_USERS, runScenarios } from './run-scenarios.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { BREAKER_KEY } from '../../kit/load/lock-breaker.js';
import { staticTokens, Workload } from '../../kit/load/workload.js';

const USERS = 6;
const QUOTA = 20;
const GRACE_SECONDS = 10;
const WORKLOAD = { clients: 18, users: USERS, locks: 5, operationsPerLock: 400 };
const PROXIED_ONE_IN = 6;

/** The minimum of a round, and `secondsMax`, after which it ends anyway. It also ends when something is wrong. */
const ROUND = { seconds: 2, operations: 300, secondsMax: 20 };
const KILLS_PER_ROUND = 2;

/** How many messages the webhook's receiver refuses. */
const REFUSALS = 20;

/** How a bug was detected. */
export interface Detection {
  readonly by: 'the history' | 'a client' | 'the events' | 'a failed start';
  readonly evidence: string;
  readonly seconds: number;
}

/** How long a build is tested. */
export interface Effort {
  /** After each one, the whole history so far is checked. */
  readonly rounds: number;
  /** How long to wait for an event. */
  readonly patienceMs: number;
}

/** Tests a build of the server round by round, until something is wrong. */
export class BugSearch {
  readonly #server: RestartedServer;
  readonly #workload: Workload;
  readonly #attack: Attack;
  readonly #random: Random;
  readonly #events: EventChecker | null;

  private constructor(parts: {
    server: RestartedServer;
    workload: Workload;
    attack: Attack;
    random: Random;
    events: EventChecker | null;
  }) {
    this.#server = parts.server;
    this.#workload = parts.workload;
    this.#attack = parts.attack;
    this.#random = parts.random;
    this.#events = parts.events;
  }

  /** Returns the first detection, or null if there is none. */
  static async run(main: string, attack: Attack, random: Random, effort: Effort): Promise<Detection | null> {
    const events = attack.events ? await EventChecker.refusing(REFUSALS, random.split()) : null;
    const tokens = staticTokens(USERS, ...SCENARIO_USERS);
    const settings = {
      STATIC_TOKENS: tokens,
      MAX_LOCKS_PER_USER: String(QUOTA),
      ADMIN_KEY: BREAKER_KEY,
      ...events?.settings,
    };
    const server = new RestartedServer({ main, graceSeconds: GRACE_SECONDS, settings });
    const { mix, kills } = attack;
    const options = { ...WORKLOAD, breaks: true, mix, proxiedOneIn: kills ? 0 : PROXIED_ONE_IN };
    const workload = await Workload.on(() => server.address, random, options);
    try {
      return await new BugSearch({ server, workload, attack, random, events }).#run(effort);
    } finally {
      await workload.close();
      await server.remove();
      await events?.close();
    }
  }

  async #run(effort: Effort): Promise<Detection | null> {
    const scenarios = new AbortController();
    await this.#server.start();
    await this.#events?.begin(this.#server);
    const startedMs = nowMs();
    if (!this.#attack.kills) this.#runScenarios(scenarios.signal);
    try {
      for (let round = 0; round < effort.rounds; round += 1) {
        const found = (await this.#round()) ?? (await this.#evidence(effort));
        if (found !== null) return { ...found, seconds: (nowMs() - startedMs) / 1000 };
      }
      return null;
    } finally {
      scenarios.abort();
    }
  }

  #runScenarios(stop: AbortSignal): void {
    const { shared } = this.#workload;
    runScenarios(() => this.#server.address, shared, QUOTA, stop).catch((error: unknown) => {
      shared.unexpected.push(`a scenario failed with ${String(error)}`);
    });
  }

  async #round(): Promise<Omit<Detection, 'seconds'> | null> {
    if (!this.#attack.kills) {
      await this.#work();
      return null;
    }
    const plan = { kills: KILLS_PER_ROUND, seconds: Infinity };
    try {
      await killRepeatedly(this.#server, this.#workload, this.#random, plan);
      return null;
    } catch (error) {
      if (error instanceof NotStarted) return { by: 'a failed start', evidence: error.message };
      throw error;
    }
  }

  async #work(): Promise<void> {
    const { shared } = this.#workload;
    const stop = new AbortController();
    const work = this.#workload.work(stop.signal);
    work.catch(() => stop.abort());
    const startedMs = nowMs();
    const before = shared.history.answered;
    const isDone = (): boolean => {
      const seconds = (nowMs() - startedMs) / 1000;
      const isLong = seconds > ROUND.seconds && shared.history.answered > before + ROUND.operations;
      return isLong || seconds > ROUND.secondsMax || shared.violations.length > 0;
    };
    while (!isDone() && !stop.signal.aborted) await pause(20);
    stop.abort();
    await work;
  }

  async #evidence({ patienceMs }: Effort): Promise<Omit<Detection, 'seconds'> | null> {
    const { shared } = this.#workload;
    const { history } = shared;
    const [found] = checkHistory(history, this.#server.outages).violations;
    if (found !== undefined) return { by: 'the history', evidence: found };
    const [observed] = shared.violations;
    if (observed !== undefined) return { by: 'a client', evidence: observed };
    const [unexpected] = shared.unexpected;
    if (unexpected !== undefined) throw new Error(`the server gave an unexpected answer: ${unexpected}`);
    const [wrong] = (await this.#events?.violations(this.#server, history.grants, patienceMs)) ?? [];
    return wrong === undefined ? null : { by: 'the events', evidence: wrong };
  }
}
