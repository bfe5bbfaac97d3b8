import { describe, expect, test } from 'vitest';
import { UsedStates } from '../../src/auth/sign-in/used-states.js';
import type { Instant } from '../../src/core/model/time.js';
import { RowChanges } from '../../src/journal/row-changes.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

interface Opened {
  readonly rig: StoreRig;
  readonly used: UsedStates;
}

async function open(): Promise<Opened> {
  const rig = await StoreRig.open();
  return { rig, used: await UsedStates.open(rig.journal, rig.store) };
}

async function reopen({ rig }: Opened): Promise<UsedStates> {
  await rig.restart();
  return UsedStates.open(rig.journal, rig.store);
}

function inMs({ rig }: Opened, milliseconds: number): Instant {
  return (rig.store.now() + milliseconds) as Instant;
}

test('a state can be used once', async () => {
  const opened = await open();
  const { used } = opened;
  expect(await used.use('a', inMs(opened, 1_000))).toBe(true);
  expect(await used.use('a', inMs(opened, 1_000))).toBe(false);
  expect(await used.use('b', inMs(opened, 1_000))).toBe(true);
});

test('a state that was used stays used after a restart', async () => {
  const opened = await open();
  const expiresAt = inMs(opened, 1_000_000);
  await opened.used.use('a', expiresAt);
  const next = await reopen(opened);
  expect(await next.use('a', expiresAt)).toBe(false);
  expect(await next.use('b', expiresAt)).toBe(true);
});

test('a use is on disk before it is reported, and so is what a refusal depends on', async () => {
  const opened = await open();
  const { journal } = opened.rig;
  journal.hold();
  const first = watch(opened.used.use('a', inMs(opened, 1_000)));
  const second = watch(opened.used.use('a', inMs(opened, 1_000)));
  await settleDown();
  expect([first.status, second.status]).toEqual(['pending', 'pending']);
  journal.letGo();
  await expect.poll(() => [first.value, second.value]).toEqual([true, false]);
});

test('only the hash of a state is stored', async () => {
  const opened = await open();
  await opened.used.use('a', inMs(opened, 1_000));
  expect(await opened.rig.journal.load('used_states')).toEqual([
    {
      stateHash: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
      expiresAt: inMs(opened, 1_000),
    },
  ]);
});

test('states that have expired are deleted, and no others', async () => {
  const opened = await open();
  const { rig, used } = opened;
  const [early, late] = [inMs(opened, 1_000), inMs(opened, 1_001)];
  await used.use('a', early);
  await used.use('b', late);
  rig.clock.advance(1_000);
  await used.forgetExpired();
  expect(await rig.journal.load('used_states')).toHaveLength(2);
  rig.clock.advance(1);
  await used.forgetExpired();
  expect(await rig.journal.load('used_states')).toMatchObject([{ expiresAt: late }]);
  expect(await used.use('b', late)).toBe(false);
});

test('a state that was deleted has also expired for the next leader', async () => {
  const opened = await open();
  const expiresAt = inMs(opened, 1_000);
  await opened.used.use('a', expiresAt);
  opened.rig.clock.advance(1_001);
  await opened.used.forgetExpired();
  await reopen(opened);
  expect(opened.rig.store.now()).toBeGreaterThan(expiresAt);
});

describe('nothing is used', () => {
  test('if too many states are remembered', async () => {
    const opened = await open();
    const { rig } = opened;
    const rows = new RowChanges();
    const expiresAt = inMs(opened, 1_000);
    for (let count = 0; count < 100_000; count += 1)
      rows.put('used_states', { stateHash: `hash-${count}`, expiresAt });
    await rig.store.write(rows);
    const used = await UsedStates.open(rig.journal, rig.store);
    await expect(used.use('a', expiresAt)).rejects.toMatchObject({ code: 'overloaded' });
    rig.clock.advance(1_001);
    await used.forgetExpired();
    expect(await used.use('a', inMs(opened, 1_000))).toBe(true);
  });

  test('while the server stops', async () => {
    const opened = await open();
    opened.rig.store.drain();
    await expect(opened.used.use('a', inMs(opened, 1_000))).rejects.toMatchObject({
      code: 'shutting_down',
      headers: { 'Octostore-Unserved': '1' },
    });
    expect(await opened.rig.journal.load('used_states')).toEqual([]);
  });
});
