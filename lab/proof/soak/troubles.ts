import { pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import { freeze, restart } from '../time/attacks.js';
import type { FakeWallClock } from '../time/fake-wall-clock.js';
import type { LeaseRules } from '../time/lease-rules.js';

interface Targets {
  readonly server: BuiltServer;
  readonly clock: FakeWallClock;
  readonly rules: LeaseRules;
}

/** Long enough to be noticed, short enough that certificates which are not valid at that time delay webhooks only. */
const CLOCK_ASTRAY_MS = { min: 100, max: 1500 };
const WEEK_SECONDS = 604_800;
const FREEZE_MS = { min: 50, max: 2000 };
const DOWN_AT_MOST_MS = 1500;

export const GRACE_SECONDS = 2;

/** What is done to a server while its clients work, and how often. */
export class Troubles {
  readonly #targets: Targets;
  readonly #random: Random;
  clockJumps = 0;
  freezes = 0;
  restarts = 0;

  constructor(targets: Targets, random: Random) {
    this.#targets = targets;
    this.#random = random;
  }

  /** Kills the server, or has it stop, sets the wall clock meanwhile, and starts it again. */
  async restart(): Promise<void> {
    const { server, clock } = this.#targets;
    const tools = { ...this.#targets, random: this.#random };
    await restart(server, tools, { downAtMostMs: DOWN_AT_MOST_MS, graceMs: GRACE_SECONDS * 1000 });
    clock.set(0);
    this.restarts += 1;
    this.clockJumps += 2;
  }

  /** Sets the wall clock for a moment, or stops the process for one. */
  async disturb(): Promise<void> {
    if (this.#random.chance(0.5)) await this.#leadClockAstray();
    else await this.#freeze();
  }

  async #leadClockAstray(): Promise<void> {
    const { clock } = this.#targets;
    clock.set(this.#random.between(-WEEK_SECONDS, WEEK_SECONDS));
    await pause(this.#random.between(CLOCK_ASTRAY_MS.min, CLOCK_ASTRAY_MS.max));
    clock.set(0);
    this.clockJumps += 2;
  }

  async #freeze(): Promise<void> {
    await freeze(this.#targets.server, this.#random.between(FREEZE_MS.min, FREEZE_MS.max));
    this.freezes += 1;
  }
}
