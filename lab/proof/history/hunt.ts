import { NotStarted } from '../../kit/server/built-server.js';
import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { Attack } from './bug.js';
import { checkHistory } from '../../kit/history/check-history.js';
import { EventWitness } from './event-witness.js';
import { killAgainAndAgain } from '../../kit/load/kills.js';
import { SCENARIO_USERS, runScenarios } from './run-scenarios.js';
import { RestartedServer } from '../../kit/server/restarted-server.js';
import { staticTokens, Workload } from '../../kit/load/workload.js';

const USERS = 6;
const QUOTA = 20;
const GRACE_SECONDS = 10;
const WORKLOAD = { clients: 18, users: USERS, locks: 5, operationsPerLock: 400 };
const PROXIED_ONE_IN = 6;

/** What a round is at least; it ends early when something is wrong, or when nothing at all happens. */
const ROUND = { seconds: 2, operations: 300, secondsMax: 20 };
const KILLS_PER_ROUND = 2;

/** Times that the receiver of the webhook refuses a message. */
const REFUSALS = 20;

/** What gave a bug away. */
export interface Find {
  readonly by: 'the history' | 'one of its clients' | 'the events' | 'a start that failed';
  readonly evidence: string;
  readonly seconds: number;
}

/** How long a build is suspected. */
export interface Effort {
  /** After each the whole history so far is checked. */
  readonly rounds: number;
  /** How long an event may keep everybody waiting. */
  readonly patienceMs: number;
}

/** Suspects one build of the server: works on it and checks, round after round, until something is wrong. */
export class Hunt {
  readonly #server: RestartedServer;
  readonly #workload: Workload;
  readonly #attack: Attack;
  readonly #dice: Random;
  readonly #witness: EventWitness | null;

  private constructor(parts: {
    server: RestartedServer;
    workload: Workload;
    attack: Attack;
    dice: Random;
    witness: EventWitness | null;
  }) {
    this.#server = parts.server;
    this.#workload = parts.workload;
    this.#attack = parts.attack;
    this.#dice = parts.dice;
    this.#witness = parts.witness;
  }

  /** Returns what was found, or null if nothing was. */
  static async run(main: string, attack: Attack, dice: Random, effort: Effort): Promise<Find | null> {
    const witness = attack.events ? await EventWitness.refusing(REFUSALS, dice.split()) : null;
    const tokens = staticTokens(USERS, ...SCENARIO_USERS);
    const settings = { STATIC_TOKENS: tokens, MAX_LOCKS_PER_USER: String(QUOTA), ...witness?.settings };
    const server = new RestartedServer({ main, graceSeconds: GRACE_SECONDS, settings });
    const { habits, kills } = attack;
    const options = { ...WORKLOAD, habits, proxiedOneIn: kills ? 0 : PROXIED_ONE_IN };
    const workload = await Workload.on(() => server.address, dice, options);
    try {
      return await new Hunt({ server, workload, attack, dice, witness }).#run(effort);
    } finally {
      await workload.close();
      await server.remove();
      await witness?.close();
    }
  }

  async #run(effort: Effort): Promise<Find | null> {
    const scenarios = new AbortController();
    await this.#server.start();
    await this.#witness?.begin(this.#server);
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
    const { world } = this.#workload;
    runScenarios(() => this.#server.address, world, QUOTA, stop).catch((error: unknown) => {
      world.unexpected.push(`a scenario ended with ${String(error)}`);
    });
  }

  async #round(): Promise<Omit<Find, 'seconds'> | null> {
    if (!this.#attack.kills) {
      await this.#work();
      return null;
    }
    const plan = { kills: KILLS_PER_ROUND, seconds: Infinity };
    try {
      await killAgainAndAgain(this.#server, this.#workload, this.#dice, plan);
      return null;
    } catch (error) {
      if (error instanceof NotStarted) return { by: 'a start that failed', evidence: error.message };
      throw error;
    }
  }

  async #work(): Promise<void> {
    const { world } = this.#workload;
    const stop = new AbortController();
    const work = this.#workload.work(stop.signal);
    work.catch(() => stop.abort());
    const startedMs = nowMs();
    const before = world.history.answered;
    const isEnough = (): boolean => {
      const seconds = (nowMs() - startedMs) / 1000;
      const isLong = seconds > ROUND.seconds && world.history.answered > before + ROUND.operations;
      return isLong || seconds > ROUND.secondsMax || world.violations.length > 0;
    };
    while (!isEnough() && !stop.signal.aborted) await pause(20);
    stop.abort();
    await work;
  }

  async #evidence({ patienceMs }: Effort): Promise<Omit<Find, 'seconds'> | null> {
    const { world } = this.#workload;
    const { history } = world;
    const [found] = checkHistory(history, this.#server.outages).violations;
    if (found !== undefined) return { by: 'the history', evidence: found };
    const [seen] = world.violations;
    if (seen !== undefined) return { by: 'one of its clients', evidence: seen };
    const [unexpected] = world.unexpected;
    if (unexpected !== undefined) throw new Error(`the server answers nonsense: ${unexpected}`);
    const [told] = (await this.#witness?.violations(this.#server, history.grants, patienceMs)) ?? [];
    return told === undefined ? null : { by: 'the events', evidence: told };
  }
}
