import type { Actor } from '../actor.js';
import type { Lease } from '../lease.js';

/** A philosopher who asks for both forks at once, as one lease. */
export async function dineAtOnce(actor: Actor): Promise<void> {
  await actor.useOnce(forksOf(actor, 'round-table').map((name) => ({ name })));
}

/** A philosopher who asks for one fork after the other. All do that in the same order, so no circle of them can wait for each other. */
export async function dineInOrder(actor: Actor): Promise<void> {
  const [first, second] = forksOf(actor, 'long-table').toSorted();
  const low = await actor.client.acquire([{ name: first ?? '' }]);
  if (low === null) return;
  const kept = new KeptLease(actor, low);
  const high = await actor.client.acquire([{ name: second ?? '' }], () => kept.renew());
  if (high !== null && (await kept.renew())) await eat(actor, [kept.lease, high]);
  await actor.client.release(kept.lease);
}

async function eat(actor: Actor, leases: readonly Lease[]): Promise<void> {
  if (await actor.work(leases)) await actor.guarded.done();
  for (const lease of leases.slice(1)) await actor.client.release(lease);
}

/** A lease that an actor keeps while it waits for another one. */
class KeptLease {
  constructor(
    private readonly actor: Actor,
    public lease: Lease,
  ) {}

  /** Returns whether the lease is still held. */
  async renew(): Promise<boolean> {
    const renewed = await this.actor.client.renew(this.lease);
    this.lease = renewed ?? this.lease;
    return renewed !== null;
  }
}

function forksOf({ number, count }: Actor, table: string): [left: string, right: string] {
  return [`${table}-fork-${number}`, `${table}-fork-${(number + 1) % count}`];
}
