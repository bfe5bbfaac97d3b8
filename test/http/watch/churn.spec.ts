import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../../../src/auth/caller.js';
import { hashToken } from '../../../src/auth/tokens/token-format.js';
import type { LeaseId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { Watches } from '../../../src/events/watches.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { Connections } from '../../../src/http/connections/connections.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { ALICE } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, newName, useServer } from '../suite.js';

const suite = useServer();

/** Frames that each client takes before it goes. */
const FRAMES = 10;

test('of clients that come and come back while locks change all the time, none misses or repeats anything', async () => {
  const prefix = newName();
  const open = (lastEventId: number | null = null): Promise<SseStream> =>
    SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: ALICE, lastEventId });

  const over = new AbortController();
  const churn = async (name: string): Promise<void> => {
    while (!over.signal.aborted) {
      const { leaseId } = await acquire(suite.alice, name);
      await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    }
  };
  // Several, so that some change while the others are on their way to the disk.
  const changes = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((lock) => churn(`${prefix}/${lock}`)));
  const witness = await open();
  const start = Number((await witness.next()).id);
  const told: number[][] = [];
  for (let round = 0; round < 10; round += 1) {
    const clients = await Promise.all([open(), open(), open(start), open(told.at(-1)?.at(-1) ?? start)]);
    for (const client of clients) {
      told.push((await client.take(FRAMES)).map(({ id }) => Number(id)));
      client.close();
    }
  }
  over.abort();
  await changes;

  const last = Math.max(...told.flat());
  const all = [start];
  while ((all.at(-1) ?? 0) < last) all.push(Number((await witness.next()).id));
  for (const ids of told) {
    const from = all.findIndex((id) => id >= (ids[0] ?? 0));
    expect(ids.slice(1)).toEqual(all.slice(from + 1, from + FRAMES));
  }
});

test('what happens in the very moment in which a stream begins is either in its state or told', async () => {
  const store = suite.server.app.get(LockStore);
  const watches = suite.server.app.get(Watches);
  const caller: Caller = {
    userId: randomUUID() as UserId,
    login: 'somebody',
    tokenHash: hashToken(ALICE),
  };
  const prefix = newName();
  const grant = (lock: string): void => {
    const lockName = `${prefix}/${lock}` as LockName;
    const holder = { userId: caller.userId, sessionId: null };
    const leaseId = randomUUID() as LeaseId;
    const request = { lockName, holder, leaseId, leaseIdChosen: true, ttlSeconds: 60, metadata: null };
    void store.acquire(request, 0);
  };
  // A server of its own, so that a stream begins exactly between two grants that go to the disk together.
  const limits = { maxConnections: 1, maxPipelined: 0, unreadMsMax: 30_000 };
  const connections = new Connections(new SystemClock(), limits, ({ request, response }) => {
    grant('before');
    void watches.open({ kind: 'prefix', prefix }, caller, null, request, response);
    grant('after');
  });
  const gate = createServer();
  connections.attachTo(gate);
  onTestFinished(() => {
    gate.closeAllConnections();
    gate.close();
  });
  await new Promise<void>((resolve) => {
    gate.listen(0, '127.0.0.1', resolve);
  });
  const { port } = gate.address() as AddressInfo;
  const stream = await SseStream.open(`http://127.0.0.1:${port}/`, { token: ALICE });
  const [state, told] = await stream.take(2);
  expect(state?.data).toMatchObject({ locks: [{ name: `${prefix}/before` }], complete: true });
  expect(told?.data).toMatchObject({ event: 'acquired', lock: `${prefix}/after` });
});
