import type { Random } from '../../../kit/random.js';
import type { Actor } from '../actor.js';
import type { WantedLock } from '../lease.js';

/** What jobs of a continuous integration need: some of several equal things, or the only one of its kind. */
const RESOURCES: readonly ((random: Random) => WantedLock)[] = [
  (random) => ({ name: 'ci-runners', limit: 4, permits: random.whole(1, 2) }),
  () => ({ name: 'ci-databases', limit: 2 }),
  () => ({ name: 'ci-staging' }),
];

/** A job that needs several things, and gets all of them as one lease. */
export async function runJob(actor: Actor): Promise<void> {
  const { random } = actor;
  const unused = random.chance(0.3) ? -1 : random.below(RESOURCES.length);
  await actor.useOnce(RESOURCES.filter((_, index) => index !== unused).map((want) => want(random)));
}
