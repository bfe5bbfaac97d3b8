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

/** Long enough to be noticed, short enough that certificates which are not valid at that time delay webhooks only. */
const CLOCK_ASTRAY_MS = { min: 100, max: 1500 };
const WEEK_SECONDS = 604_800;
const FREEZE_MS = { min: 50, max: 2000 };
const DOWN_AT_MOST_MS = 1500;

export const GRACE_SECONDS = 2;

/** What is done to a server while its clients work, and how often. */
export class Troubles {
  readonly #targets: Targets;
  readonly #dice: Random;
  clockJumps = 0;
  freezes = 0;
  restarts = 0;

  constructor(targets: Targets, dice: Random) {
    this.#targets = targets;
    this.#dice = dice;
  }

  /** Kills the server, or has it stop, sets the wall clock meanwhile, and starts it again. */
  async restart(): Promise<void> {
    const { server, clock } = this.#targets;
    const tools = { ...this.#targets, dice: this.#dice };
    await restart(server, tools, DOWN_AT_MOST_MS);
    clock.set(0);
    this.restarts += 1;
    this.clockJumps += 2;
  }

  /** Sets the wall clock for a moment, or stops the process for one. */
  async disturb(): Promise<void> {
    if (this.#dice.chance(0.5)) await this.#leadClockAstray();
    else await this.#freeze();
  }

  async #leadClockAstray(): Promise<void> {
    const { clock } = this.#targets;
    clock.set(this.#dice.between(-WEEK_SECONDS, WEEK_SECONDS));
    await pause(this.#dice.between(CLOCK_ASTRAY_MS.min, CLOCK_ASTRAY_MS.max));
    clock.set(0);
    this.clockJumps += 2;
  }

  async #freeze(): Promise<void> {
    await freeze(this.#targets.server, this.#dice.between(FREEZE_MS.min, FREEZE_MS.max));
    this.freezes += 1;
  }
}
