import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Clock } from '../../src/clock/clock.js';
import { NO_COOLING } from '../../src/core/model/cooling.js';
import { EXCLUSIVE, type Demand } from '../../src/core/model/demand.js';
import type { LeaseId, UserId } from '../../src/core/model/ids.js';
import type { LockName } from '../../src/core/model/lock-name.js';
import { ERRORS, type ErrorCode } from '../../src/errors/error-table.js';
import type { Connections } from '../../src/http/connections/connections.js';
import { HttpAdapter } from '../../src/http/http-adapter.js';
import { WarningPublisher } from '../../src/history/warning-publisher.js';
import { LockStore } from '../../src/store/lock-store.js';
import type { Reply } from '../../lab/kit/http/client.js';
import { CheckedClient } from '../support/schema-client.js';
import { ADMIN_KEY, ALICE, BOB, startServer, type TestServer } from '../support/server.js';

/** One server for all tests of a file, with a client for each user. */
export class Suite {
  #server: TestServer | null = null;

  get server(): TestServer {
    if (this.#server === null) throw new Error('the server runs during tests only');
    return this.#server;
  }

  /** The server's side of all connections. */
  get connections(): Connections {
    const adapter = this.server.app.getHttpAdapter();
    if (!(adapter instanceof HttpAdapter)) throw new Error('the server has an adapter of its own');
    return adapter.front.connections;
  }

  get alice(): CheckedClient {
    return new CheckedClient(this.server.url, ALICE);
  }

  get bob(): CheckedClient {
    return new CheckedClient(this.server.url, BOB);
  }

  get nobody(): CheckedClient {
    return new CheckedClient(this.server.url, null);
  }

  get operator(): CheckedClient {
    return new CheckedClient(this.server.url, ADMIN_KEY);
  }

  /** Everything that a request may have changed and that is visible from outside. */
  async state(): Promise<unknown> {
    // Overdue leases and sessions end sooner or later, and warnings are logged, whatever requests arrive.
    await this.server.app.get(LockStore).sweep();
    await this.server.app.get(WarningPublisher).publish();
    const { body: counters } = await this.operator.get('/admin/status');
    const { body: locks } = await this.alice.get('/locks');
    const { event_sequence, fencing_token, sessions, waiters } = counters;
    return { locks, event_sequence, fencing_token, sessions, waiters };
  }

  /** Runs `call` and checks that it is refused with this code and changes nothing. */
  async expectRefusal(code: ErrorCode, call: () => Promise<Reply>): Promise<Reply> {
    const before = await this.state();
    const reply = await call();
    expectError(reply, code);
    expect(await this.state()).toEqual(before);
    return reply;
  }

  async start(environment: Record<string, string | undefined>, clock?: Clock): Promise<void> {
    this.#server = await startServer(environment, clock);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }
}

/** Starts a server before the tests of this file and stops it after them. */
export function useServer(environment: Record<string, string | undefined> = {}, clock?: Clock): Suite {
  const suite = new Suite();
  beforeAll(() => suite.start(environment, clock));
  afterAll(() => suite.stop());
  return suite;
}

export function expectError({ status, body }: Reply, code: ErrorCode): void {
  expect(body).toMatchObject({ code, error: ERRORS[code].message });
  expect(status).toBe(ERRORS[code].status);
}

let names = 0;

/** A lock name that no other test uses. */
export function newName(stem = 'lock'): string {
  names += 1;
  return `${stem}-${names}`;
}

export function newLeaseId(): string {
  return randomUUID();
}

export interface Granted {
  readonly name: string;
  readonly leaseId: string;
  readonly token: number;
}

/** Acquires a lock, a new one by default, for a minute unless `body` says otherwise. */
export async function acquire(
  client: CheckedClient,
  name: string = newName(),
  body: Record<string, unknown> = {},
): Promise<Granted> {
  const reply = await client.post(`/locks/${name}/acquire`, { ttl_seconds: 60, ...body });
  expect(reply.body).toMatchObject({ status: 'acquired' });
  return { name, leaseId: String(reply.body['lease_id']), token: Number(reply.body['fencing_token']) };
}

/** Held locks, granted without a request for each. */
export class HeldLocks {
  readonly #store: LockStore;
  readonly #userId = randomUUID() as UserId;

  constructor({ app }: TestServer) {
    this.#store = app.get(LockStore);
  }

  /** Grants the locks, all with one lease id, and returns it. */
  async grant(
    names: readonly string[],
    metadata: string | null = null,
    demand: Demand = EXCLUSIVE,
  ): Promise<LeaseId> {
    const leaseId = randomUUID() as LeaseId;
    const holder = { userId: this.#userId, sessionId: null };
    const common = {
      holder,
      leaseId,
      leaseIdChosen: true,
      ttlSeconds: 3600,
      metadata,
      cooling: NO_COOLING,
    };
    const answers = await Promise.all(
      names.map((name) =>
        this.#store.acquire({ ...common, wants: [{ lockName: name as LockName, demand }] }, 0),
      ),
    );
    for (const { kind } of answers) expect(kind).toBe('acquired');
    return leaseId;
  }

  async renew(name: string, leaseId: LeaseId): Promise<void> {
    const lease = { lockName: name as LockName, userId: this.#userId, leaseId };
    await this.#store.execute({ kind: 'renew', ...lease, ttlSeconds: 3600 });
  }

  async release(names: readonly string[], leaseId: LeaseId): Promise<void> {
    const userId = this.#userId;
    const release = (name: string) =>
      this.#store.execute({ kind: 'release', lockName: name as LockName, userId, leaseId });
    await Promise.all(names.map(release));
  }
}

/** Opens a session and returns its id. */
export async function openSession(client: CheckedClient, ttlSeconds = 60): Promise<string> {
  const { body } = await client.post('/sessions', { ttl_seconds: ttlSeconds });
  return String(body['session_id']);
}
