import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Clock } from '../../src/clock/clock.js';
import { ERRORS, type ErrorCode } from '../../src/errors/error-table.js';
import { LockStore } from '../../src/store/lock-store.js';
import type { Reply } from '../support/client.js';
import { CheckedClient } from '../support/schema-client.js';
import { ADMIN_KEY, ALICE, BOB, startServer, type TestServer } from '../support/server.js';

/** One server for all tests of a file, with a client for each user. */
export class Suite {
  #server: TestServer | null = null;

  get server(): TestServer {
    if (this.#server === null) throw new Error('the server runs during tests only');
    return this.#server;
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

  /** Everything that a request may have changed and that can be seen from outside. */
  async state(): Promise<unknown> {
    // What is overdue ends sooner or later, whoever asks for what.
    await this.server.app.get(LockStore).sweep();
    const { body: counters } = await this.operator.get('/admin/status');
    const { body: locks } = await this.alice.get('/locks');
    const { event_sequence, fencing_token, sessions, waiters } = counters;
    return { locks, event_sequence, fencing_token, sessions, waiters };
  }

  /** Runs `call` and checks that it is refused with this code and leaves no trace. */
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

/** Acquires many locks, some at a time, and returns them in the order of `names`. */
export async function acquireAll(
  client: CheckedClient,
  names: readonly string[],
  body: Record<string, unknown> = {},
): Promise<Granted[]> {
  const granted: Granted[] = [];
  for (let start = 0; start < names.length; start += 40) {
    const some = names.slice(start, start + 40).map((name) => acquire(client, name, body));
    granted.push(...(await Promise.all(some)));
  }
  return granted;
}

/** Opens a session and returns its id. */
export async function openSession(client: CheckedClient, ttlSeconds = 60): Promise<string> {
  const { body } = await client.post('/sessions', { ttl_seconds: ttlSeconds });
  return String(body['session_id']);
}
