import { describe, expect, test } from 'vitest';
import { OctoStoreError } from '../../src/errors/octostore-error.js';
import { fenceName, fencingToken, user } from '../support/law.js';
import { settleDown, StoreRig, watch } from '../support/store.js';

const advance = (rig: StoreRig, name: string, token: number, userName = 'ann') =>
  rig.store.execute({
    kind: 'advance_fence',
    name: fenceName(name),
    userId: user(userName),
    fencingToken: fencingToken(token),
  });

const remove = (rig: StoreRig, name: string) =>
  rig.store.execute({ kind: 'delete_fence', name: fenceName(name) });

const highest = (rig: StoreRig, name: string) =>
  rig.store.read((state) => state.fence(fenceName(name))?.highest ?? null);

async function refusalOf(command: Promise<unknown>): Promise<unknown> {
  const error: unknown = await command.catch((reason: unknown) => reason);
  return error instanceof OctoStoreError ? error.code : error;
}

/** A store that has issued this many tokens. */
async function after(tokens: number, options?: Parameters<typeof StoreRig.open>[0]): Promise<StoreRig> {
  const rig = await StoreRig.open(options);
  for (let token = 1; token <= tokens; token += 1) await rig.grant(`lock/${token}`);
  return rig;
}

describe('after a restart', () => {
  test('a fence has seen what it had seen', async () => {
    const rig = await after(3);
    await advance(rig, 'f', 2);
    await rig.restart();
    expect(await highest(rig, 'f')).toBe(2);
    expect(await advance(rig, 'f', 1)).toEqual({ kind: 'stale_fencing_token', highest: 2 });
    expect(await advance(rig, 'f', 3)).toEqual({ kind: 'token_passed', highest: 3 });
    await rig.restart();
    expect(await highest(rig, 'f')).toBe(3);
  });

  test('a deleted fence is gone', async () => {
    const rig = await after(1);
    await advance(rig, 'f', 1);
    await advance(rig, 'g', 1);
    expect(await remove(rig, 'f')).toEqual({ kind: 'fence_deleted' });
    await rig.restart();
    expect(await highest(rig, 'f')).toBeNull();
    expect(await highest(rig, 'g')).toBe(1);
    expect(rig.store.counts.fenceCount).toBe(1);
  });

  test('fences count for the users who created them', async () => {
    const rig = await after(1, { maxFencesPerUser: 1 });
    await advance(rig, 'f', 1, 'ann');
    await rig.restart();
    expect(await advance(rig, 'g', 1, 'ann')).toEqual({ kind: 'fence_limit_exceeded', limit: 1 });
    expect(await advance(rig, 'g', 1, 'bob')).toEqual({ kind: 'token_passed', highest: 1 });
  });
});

describe('an answer about a fence waits until it is durable', () => {
  test('whether the token passes, is stale, or is only read', async () => {
    const rig = await after(2);
    rig.journal.hold();
    const answers = [advance(rig, 'f', 2), advance(rig, 'f', 1), highest(rig, 'f')].map((answer) =>
      watch<unknown>(answer),
    );
    await rig.journal.isHolding();
    await settleDown();
    expect(answers.map(({ status }) => status)).toEqual(['pending', 'pending', 'pending']);
    rig.journal.letGo();
    await highest(rig, 'f');
    await settleDown();
    expect(answers.map(({ value }) => value)).toEqual([
      { kind: 'token_passed', highest: 2 },
      { kind: 'stale_fencing_token', highest: 2 },
      2,
    ]);
  });

  test('also if its token was granted a moment ago', async () => {
    const rig = await after(0);
    rig.journal.hold();
    const granted = rig.grant('a');
    const passes = watch(advance(rig, 'f', 1));
    await rig.journal.isHolding();
    await settleDown();
    expect(passes.status).toBe('pending');
    rig.journal.letGo();
    await granted;
    await highest(rig, 'f');
    await settleDown();
    expect(passes.value).toEqual({ kind: 'token_passed', highest: 1 });
  });
});

test('an advance that changes nothing writes nothing', async () => {
  const rig = await after(1);
  await advance(rig, 'f', 1);
  const { length } = rig.journal.batches;
  await advance(rig, 'f', 1);
  expect(rig.journal.batches).toHaveLength(length);
});

describe('while the server grants nothing new', () => {
  test('because it stops, holders can still advance the fences that exist', async () => {
    const rig = await after(2);
    await advance(rig, 'f', 1);
    rig.store.drain();
    expect(await advance(rig, 'f', 2)).toEqual({ kind: 'token_passed', highest: 2 });
    expect(await refusalOf(advance(rig, 'g', 2))).toBe('shutting_down');
  });

  test('because the disk is nearly full, they can do so too', async () => {
    const rig = await after(2);
    await advance(rig, 'f', 1);
    rig.store.admission.setStorageLow(true);
    expect(await advance(rig, 'f', 2)).toEqual({ kind: 'token_passed', highest: 2 });
    expect(await refusalOf(advance(rig, 'g', 2))).toBe('storage_low');
    expect(await remove(rig, 'f')).toEqual({ kind: 'fence_deleted' });
  });
});
