import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { History } from '../../kit/history/history.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import { freeze, restart } from '../time/attacks.js';
import type { FakeWallClock } from '../time/fake-wall-clock.js';

interface Targets {
  readonly server: BuiltServer;
  readonly clock: FakeWallClock;
  readonly history: History;
}

/** Long enough to have an effect, but short: certificates may be invalid at that time, which must only delay webhooks. */
const CLOCK_MOVED_MS = { min: 100, max: 1500 };
const WEEK_SECONDS = 604_800;
const FREEZE_MS = { min: 50, max: 2000 };
const DOWNTIME_MS_MAX = 1500;

export const GRACE_SECONDS = 2;

/** Injects faults into a server while its clients work, and counts them. */
export class Faults {
  readonly #targets: Targets;
  readonly #random: Random;
  clockJumps = 0;
  freezes = 0;
  restarts = 0;

  constructor(targets: Targets, random: Random) {
    this.#targets = targets;
    this.#random = random;
  }

  /** Kills or stops the server, sets the wall clock while it is down, and restarts it. */
  async restart(): Promise<void> {
    const { server, clock } = this.#targets;
    await restart(server, { ...this.#targets, random: this.#random }, DOWNTIME_MS_MAX);
    clock.set(0);
    this.restarts += 1;
    this.clockJumps += 2;
  }

  /** Moves the wall clock or pauses the process, for a moment. */
  async disturb(): Promise<void> {
    if (this.#random.chance(0.5)) await this.#moveClock();
    else await this.#freeze();
  }

  async #moveClock(): Promise<void> {
    const { clock } = this.#targets;
    clock.set(this.#random.between(-WEEK_SECONDS, WEEK_SECONDS));
    await pause(this.#random.between(CLOCK_MOVED_MS.min, CLOCK_MOVED_MS.max));
    clock.set(0);
    this.clockJumps += 2;
  }

  async #freeze(): Promise<void> {
    await freeze(this.#targets.server, this.#random.between(FREEZE_MS.min, FREEZE_MS.max));
    this.freezes += 1;
  }
}
