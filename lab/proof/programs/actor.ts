import { nowMs, pause } from '../../../src/process/time.js';
import type { Random } from '../../kit/random.js';
import type { Guarded } from './guarded.js';
import type { LeaseClient } from './lease-client.js';
import type { Lease, WantedLock } from './lease.js';
import type { HeldLock } from '../../kit/guard/visit.js';

/** How long an actor works under a lease, in milliseconds. */
const WORK_MS = { min: 1, max: 20 };

/** The probability that an actor is late, and by how many milliseconds after the moment until which its lease is certain. */
const OVERSLEEPS = 0.03;
const OVERSLEEP_MS = { min: 20, max: 800 };

/** One of the clients that together make a program. */
export class Actor {
  constructor(
    readonly client: LeaseClient,
    readonly guarded: Guarded,
    readonly random: Random,
    /** Its number among `count` actors that do the same. */
    readonly number: number,
    readonly count: number,
  ) {}

  get name(): string {
    return this.guarded.actor;
  }

  /** Acquires the locks, uses what they protect, and releases them. */
  async useOnce(locks: readonly WantedLock[]): Promise<void> {
    const lease = await this.client.acquire(locks);
    if (lease === null) return;
    if (await this.work([lease])) await this.guarded.done();
    await this.client.release(lease);
  }

  /** Uses what the leases protect. Returns whether that was finished while all of them were certainly alive. */
  async work(leases: readonly Lease[]): Promise<boolean> {
    const hasBegun = await this.#accessAll(leases);
    if (hasBegun) await this.#takeTime(leases);
    const isInTime = hasBegun && (await this.#accessAll(leases));
    for (const lease of leases) await this.leave(lease);
    return isInTime;
  }

  /** Accesses what the lease protects. Returns whether that was let in. */
  access({ id, token, safeUntilMs }: Lease, locks: readonly HeldLock[]): Promise<boolean> {
    return this.guarded.report({
      kind: 'visit',
      visit: { id, actor: this.name, token, safeUntilMs, locks },
    });
  }

  async leave({ id }: Lease): Promise<void> {
    await this.guarded.report({ kind: 'leave', id });
  }

  async #accessAll(leases: readonly Lease[]): Promise<boolean> {
    for (const lease of leases) if (!(await this.access(lease, lease.locks))) return false;
    return true;
  }

  async #takeTime(leases: readonly Lease[]): Promise<void> {
    const { random } = this;
    if (!random.chance(OVERSLEEPS)) return pause(random.between(WORK_MS.min, WORK_MS.max));
    const firstEndMs = Math.min(...leases.map(({ safeUntilMs }) => safeUntilMs));
    await pause(firstEndMs - nowMs() + random.between(OVERSLEEP_MS.min, OVERSLEEP_MS.max));
  }
}
