import { expect, test } from 'vitest';
import { Access } from '../../src/access/access.js';
import { Scopes } from '../../src/access/scope/scopes.js';
import type { Caller } from '../../src/auth/caller.js';
import { LeasePresenter } from '../../src/locks/lease-presenter.js';
import { LockLister } from '../../src/locks/lock-lister.js';
import { LockPresenter } from '../../src/locks/lock-presenter.js';
import { ManualClock } from '../support/manual-clock.js';
import { StoreRig } from '../support/store.js';

/** Other input has its turn only when a test says so. */
class StoppedClock extends ManualClock {
  readonly turns: (() => void)[] = [];

  override afterBacklog(task: () => void): void {
    this.turns.push(task);
  }
}

const clock = new StoppedClock();

/** A list for someone who may see `z` only, where 600 other locks are held. */
async function listerBeside600Hidden(): Promise<() => Promise<string[]>> {
  const rig = await StoreRig.open();
  for (let index = 0; index < 600; index += 1)
    await rig.grant(`a/${String(index).padStart(3, '0')}`, { user: `user-${index % 60}` });
  await rig.grant('z');
  const leases = new LeasePresenter(rig.store, { loginOf: () => 'ada' } as never);
  const access = new Access({ user: () => null, loginsOf: () => [] });
  const lister = new LockLister(rig.store, access, new LockPresenter(leases), clock);
  const scope = new Scopes().of([{ may: ['observe'], on: ['z'] }]);
  const caller = { userId: 'bob', scope } as Caller;
  return async () => (await lister.list({}, caller)).locks.map(({ name }) => name);
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('after some hundred hidden locks, a list lets others have their turn', async () => {
  const list = await listerBeside600Hidden();
  const lists = [list(), list()];
  const taken: number[] = [];
  for (;;) {
    await settled();
    if (clock.turns.length === 0) break;
    taken.push(clock.turns.length);
    clock.turns.shift()?.();
  }
  // Each of the two needs two turns, and only one of them has one at a time.
  expect(taken).toEqual([1, 1, 1, 1]);
  expect(await Promise.all(lists)).toEqual([['z'], ['z']]);
});
