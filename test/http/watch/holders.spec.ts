import { describe, expect, test } from 'vitest';
import { SHARED } from '../../../src/core/model/demand.js';
import type { LeaseId } from '../../../src/core/model/ids.js';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { BOB } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, HeldLocks, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '100000', MAX_PENDING_COMMANDS: '100000' });
const contract = ApiContract.load();

function watch(path: string): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}${path}`, { token: BOB });
}

interface Row {
  readonly name: string;
  readonly fencing_token: number;
}

/** All rows of the state that a stream begins with. */
async function stateOf(stream: SseStream): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const { event, data } = await stream.next();
    expect(event).toBe('state');
    expect(contract.problemsWithSchema('LocksState', data)).toEqual([]);
    rows.push(...(data['locks'] as Row[]));
    if (data['complete'] === true) return rows;
  }
}

describe('a lock with several holders', () => {
  test('is shown with all of them, and with no lease id', async () => {
    const own = await acquire(suite.bob, newName(), { limit: 3, permits: 2 });
    const other = await acquire(suite.alice, own.name, { limit: 3 });
    const { data } = await (await watch(`/locks/${own.name}/watch`)).next();
    expect(contract.problemsWithSchema('LockState', data)).toEqual([]);
    expect(data).toMatchObject({
      mode: 'counted',
      limit: 3,
      slots: [0, 1],
      holder_count: 2,
      permits_in_use: 3,
      holders: [
        { fencing_token: own.token, holder: 'bob', slots: [0, 1] },
        { fencing_token: other.token, holder: 'alice', slots: [2] },
      ],
    });
    expect(JSON.stringify(data)).not.toContain('lease_id');
  });

  test('has a row for each of them under a prefix', async () => {
    const prefix = newName('watched');
    const expected: object[] = [];
    for (const name of [`${prefix}/a`, `${prefix}/b`])
      for (const client of [suite.alice, suite.bob]) {
        const { token } = await acquire(client, name, { mode: 'shared' });
        expected.push({ name, fencing_token: token, mode: 'shared' });
      }
    expect(await stateOf(await watch(`/watch?prefix=${prefix}/`))).toMatchObject(expected);
  });

  test('has events that say how it is held, and which lease has ended', async () => {
    const name = newName();
    const stream = await watch(`/locks/${name}/watch`);
    await stream.next();
    const { leaseId, token } = await acquire(suite.alice, name, { limit: 3, permits: 2 });
    await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
    await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    const held = { mode: 'counted', limit: 3, slots: [0, 1], fencing_token: token };
    const frames = await stream.take(3);
    for (const { data } of frames) expect(contract.problemsWithSchema('LockEventBody', data)).toEqual([]);
    expect(frames.map(({ data }) => data)).toMatchObject([
      { event: 'acquired', holder: 'alice', ...held },
      { event: 'renewed', holder: 'alice', ...held },
      { event: 'released', holder_id: null, ...held },
    ]);
    for (const { data } of frames) expect(data).not.toHaveProperty('lease_locks');
  });
});

test('a lease of several locks has an event for each of them, in the order asked for', async () => {
  const prefix = newName('several');
  const stream = await watch(`/watch?prefix=${prefix}/`);
  await stream.next();
  const names = [`${prefix}/b`, `${prefix}/a`];
  const locks = [{ name: names[0], mode: 'shared' }, { name: names[1] }];
  const { body } = await suite.alice.post('/leases', { ttl_seconds: 60, locks });
  await suite.alice.delete(`/leases/${String(body['lease_id'])}`);
  const frames = await stream.take(4);
  for (const { data } of frames) expect(contract.problemsWithSchema('LockEventBody', data)).toEqual([]);
  expect(frames.map(({ data }) => data)).toMatchObject(
    ['acquired', 'released'].flatMap((event) => [
      { event, lock: names[0], mode: 'shared', lease_locks: names },
      { event, lock: names[1], mode: 'exclusive', lease_locks: names },
    ]),
  );
});

describe('a large state', () => {
  /** More holders of each lock than one step reads, so that steps begin and end among them. */
  const HOLDERS = 130;

  test('has each lease of each lock once, while leases come and go', async () => {
    const prefix = newName('large');
    const names = ['a', 'b', 'c'].map((name) => `${prefix}/${name}`);
    const held = new HeldLocks(suite.server);
    const lasting = await Promise.all(names.map((name) => holders(held, name, HOLDERS)));
    const passing = await Promise.all(names.map((name) => holders(held, name, HOLDERS)));
    const opening = watch(`/watch?prefix=${prefix}/`);
    const changes = names.map(async (name, index) => {
      for (const leaseId of passing[index] ?? []) await held.release([name], leaseId);
    });
    const stream = await opening;
    const rows = await stateOf(stream);
    const keys = rows.map(({ name, fencing_token }) => `${name} ${String(fencing_token).padStart(9, '0')}`);
    expect(keys).toEqual([...new Set(keys)].toSorted());
    await Promise.all(changes);
    const tokens = new Set(rows.map(({ fencing_token }) => fencing_token));
    const left = 3 * HOLDERS;
    for (let released = tokens.size - left; released > 0; released -= 1) {
      const { data } = await stream.next();
      expect(data).toMatchObject({ event: 'released', mode: 'shared' });
      expect(tokens.delete(Number(data['fencing_token']))).toBe(true);
    }
    expect(tokens.size).toBe(lasting.flat().length);
    expect(
      (await stateOf(await watch(`/watch?prefix=${prefix}/`))).map(({ fencing_token }) => fencing_token),
    ).toEqual(rows.map(({ fencing_token }) => fencing_token).filter((token) => tokens.has(token)));
  });

  test('has a lease that was acquired before and renewed meanwhile once', async () => {
    const prefix = newName('large');
    const name = `${prefix}/a`;
    const held = new HeldLocks(suite.server);
    const ids = await holders(held, name, 2 * HOLDERS);
    const opening = watch(`/watch?prefix=${prefix}/`);
    await Promise.all(ids.map((leaseId) => held.renew(name, leaseId)));
    const rows = await stateOf(await opening);
    expect(new Set(rows.map(({ fencing_token }) => fencing_token)).size).toBe(2 * HOLDERS);
    expect(rows).toHaveLength(2 * HOLDERS);
  });

  function holders(held: HeldLocks, name: string, count: number): Promise<LeaseId[]> {
    return Promise.all(Array.from({ length: count }, () => held.grant([name], null, SHARED)));
  }
});
