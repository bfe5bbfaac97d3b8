import type { Random } from '../disk/random.js';
import { checkHistory } from './check.js';
import { nowMs, pause } from '../../test/support/real-time.js';
import { USUAL_HABITS } from './habits.js';
import { killAgainAndAgain } from './kill-nine.js';
import { STORY_USERS, tellStories } from './narrator.js';
import { Server } from './server.js';
import { staticTokens, Workload } from './workload.js';

const USERS = 6;
const QUOTA = 20;
const GRACE_SECONDS = 10;
const WORKLOAD = {
  clients: 18,
  users: USERS,
  locks: 5,
  operationsPerLock: 400,
  proxiedOneIn: 6,
  habits: USUAL_HABITS,
};

/** After each round the whole history so far is checked. */
const ROUND_MS = 2000;
const KILLS_PER_ROUND = 2;

/** What gave a bug away. */
export interface Find {
  readonly by: 'the history' | 'one of its clients';
  readonly evidence: string;
  readonly seconds: number;
}

/** Suspects one build of the server: works on it and checks, round after round, until something is wrong. */
export class Hunt {
  readonly #server: Server;
  readonly #needsKill: boolean;
  readonly #dice: Random;

  constructor(main: string, needsKill: boolean, dice: Random) {
    this.#needsKill = needsKill;
    this.#dice = dice;
    this.#server = new Server({
      main,
      graceSeconds: GRACE_SECONDS,
      settings: { STATIC_TOKENS: staticTokens(USERS, ...STORY_USERS), MAX_LOCKS_PER_USER: String(QUOTA) },
    });
  }

  /** Returns what was found, or null if nothing was in that time. */
  async run(seconds: number): Promise<Find | null> {
    const stories = new AbortController();
    const address = (): Server['address'] => this.#server.address;
    const proxiedOneIn = this.#needsKill ? 0 : WORKLOAD.proxiedOneIn;
    const workload = await Workload.on(address, this.#dice, { ...WORKLOAD, proxiedOneIn });
    try {
      await this.#server.start();
      const startedMs = nowMs();
      const told = this.#needsKill
        ? Promise.resolve(0)
        : tellStories(address, workload.world, QUOTA, stories.signal);
      told.catch(() => undefined);
      for (;;) {
        await this.#round(workload);
        const secondsTaken = (nowMs() - startedMs) / 1000;
        const found = this.#evidence(workload);
        if (found !== null) return { ...found, seconds: secondsTaken };
        if (secondsTaken > seconds) return null;
      }
    } finally {
      stories.abort();
      await workload.close();
      await this.#server.remove();
    }
  }

  async #round(workload: Workload): Promise<void> {
    if (this.#needsKill) {
      const plan = { cycles: KILLS_PER_ROUND, seconds: Infinity };
      await killAgainAndAgain(this.#server, workload, this.#dice, plan, () => undefined);
      return;
    }
    const stop = new AbortController();
    const work = workload.work(stop.signal);
    const endMs = nowMs() + ROUND_MS;
    while (nowMs() < endMs && workload.world.violations.length === 0) await pause(20);
    stop.abort();
    await work;
  }

  #evidence({ world }: Workload): Omit<Find, 'seconds'> | null {
    const [found] = checkHistory(world.history, this.#server.outages).violations;
    if (found !== undefined) return { by: 'the history', evidence: found };
    const [seen] = world.violations;
    if (seen !== undefined) return { by: 'one of its clients', evidence: seen };
    const [unexpected] = world.unexpected;
    if (unexpected !== undefined) throw new Error(`the server answers nonsense: ${unexpected}`);
    return null;
  }
}
