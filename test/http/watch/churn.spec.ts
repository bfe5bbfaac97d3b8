import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Caller } from '../../../src/auth/caller.js';
import { hashToken } from '../../../src/auth/tokens/token-format.js';
import { firstIdOf } from '../../../src/auth/tokens/valid-token.js';
import { NO_COOLING } from '../../../src/core/model/cooling.js';
import { EXCLUSIVE } from '../../../src/core/model/demand.js';
import type { LeaseId, UserId } from '../../../src/core/model/ids.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import { typesOf } from '../../../src/events/event-types.js';
import { Watches } from '../../../src/events/watches.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import { Connections } from '../../../src/http/connections/connections.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { ALICE } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, newName, useServer } from '../suite.js';

const suite = useServer();

/** Events that each client reads before it disconnects. */
const EVENTS = 10;

const ROUNDS = 10;

interface Visit {
  /** The sequence up to which the client had seen everything: that of its state, or of the event after which it resumed. */
  readonly after: number;
  readonly ids: readonly number[];
}

function open(prefix: string, lastEventId: number | null): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: ALICE, lastEventId });
}

/** Opens a stream, reads some events and disconnects. A stream that does not resume starts with its state. */
async function visit(prefix: string, lastEventId: number | null): Promise<Visit> {
  const stream = await open(prefix, lastEventId);
  const after = lastEventId ?? Number((await stream.next()).id);
  const ids = (await stream.take(EVENTS)).map(({ id }) => Number(id));
  stream.close();
  return { after, ids };
}

/** The events in the log after `sequence` for locks with the prefix. */
async function logged(prefix: string, sequence: number): Promise<number[]> {
  const events = await suite.server.app.get(LockStore).log.after(sequence, 1_000_000);
  return events
    .filter(({ subject }) => subject.lockName.startsWith(`${prefix}/`))
    .map((event) => event.sequence);
}

test('clients that disconnect and reconnect while locks keep changing miss nothing and see no event twice', async () => {
  const prefix = newName();
  const over = new AbortController();
  const churn = async (name: string): Promise<void> => {
    while (!over.signal.aborted) {
      const { leaseId } = await acquire(suite.alice, name);
      await suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId });
    }
  };
  // Several, so that some change while the others are being committed.
  const changes = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((lock) => churn(`${prefix}/${lock}`)));
  const visits = [await visit(prefix, null)];
  const start = visits[0]?.after ?? 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const lastSeen = visits.at(-1)?.ids.at(-1) ?? start;
    visits.push(
      ...(await Promise.all([null, null, start, lastSeen].map((position) => visit(prefix, position)))),
    );
  }
  over.abort();
  await changes;

  const all = await logged(prefix, start);
  for (const { after, ids } of visits) {
    expect(ids).toEqual(all.filter((id) => id > after).slice(0, EVENTS));
  }
});

test('an event at the very start of a stream is either in its state or sent', async () => {
  const store = suite.server.app.get(LockStore);
  const watches = suite.server.app.get(Watches);
  const caller: Caller = {
    userId: randomUUID() as UserId,
    login: 'someone',
    tokenHash: hashToken(ALICE),
    tokenId: firstIdOf(hashToken(ALICE)),
    scope: null,
  };
  const prefix = newName();
  const grant = (lock: string): void => {
    const lockName = `${prefix}/${lock}` as LockName;
    const holder = { userId: caller.userId, sessionId: null };
    const leaseId = randomUUID() as LeaseId;
    const wants = [{ lockName, demand: EXCLUSIVE }] as const;
    const common = { ttlSeconds: 60, metadata: null, cooling: NO_COOLING };
    const request = { wants, holder, leaseId, leaseIdChosen: true, ...common };
    void store.acquire(request, 0);
  };
  // A separate server, so that a stream begins exactly between two grants that share a commit.
  const limits = { maxConnections: 1, maxPipelined: 0, unreadMsMax: 30_000 };
  const connections = new Connections(new SystemClock(), limits, ({ request, response }) => {
    grant('before');
    const watched = { selector: { kind: 'prefix', prefix } as const, types: typesOf(['*']) };
    void watches.open(watched, caller, null, request, response);
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
  const [state, event] = await stream.take(2);
  expect(state?.data).toMatchObject({ locks: [{ name: `${prefix}/before` }], complete: true });
  expect(event?.data).toMatchObject({ event: 'acquired', lock: `${prefix}/after` });
});
