import { Injectable, Scope, type Type } from '@nestjs/common';
import { OctoStoreClient, type LockHandle } from '@octostore/client';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { LeaderElection, LeaderElections, type Leader } from '../../../sdks/nestjs/src/index.js';
import { ADMIN_KEY, startServer, type TestServer } from '../../support/server.js';
import { startReplica, type Replica } from './replica.js';

let server: TestServer;
let events: string[] = [];

beforeAll(async () => {
  server = await startServer();
});

beforeEach(() => {
  events = [];
});

afterAll(() => server.close());

@Injectable()
@LeaderElection('scheduler')
class Scheduler implements Leader {
  onLeading(lock: LockHandle): void {
    events.push(`leading with ${lock.name}`);
  }

  onLost(): void {
    events.push('lost');
  }
}

/** Learns within a second that its lock is lost. */
@Injectable()
@LeaderElection('sweeper', { ttlSeconds: 3 })
class Sweeper extends Scheduler {}

function start(leader: Type<Leader>): Promise<Replica> {
  return startReplica({ baseUrl: server.url, token: server.token }, { providers: [leader] });
}

function leads({ app }: Replica, name = 'scheduler'): boolean {
  return app.get(LeaderElections).leading(name) !== null;
}

test('one replica leads, and another one takes over when it shuts down', async () => {
  const first = await start(Scheduler);
  await vi.waitUntil(() => leads(first), { timeout: 20_000 });
  const second = await start(Scheduler);
  expect(leads(second)).toBe(false);
  expect(events).toEqual(['leading with scheduler']);
  await first.app.close();
  expect(leads(first)).toBe(false);
  await vi.waitUntil(() => leads(second), { timeout: 20_000 });
  expect(events).toEqual(['leading with scheduler', 'lost', 'leading with scheduler']);
});

test('a leader learns that it has lost the lock, and campaigns again', async () => {
  const replica = await start(Sweeper);
  await vi.waitUntil(() => leads(replica, 'sweeper'), { timeout: 20_000 });
  const admin = new OctoStoreClient({ baseUrl: server.url, token: ADMIN_KEY });
  await admin.breakLock('sweeper', { reason: 'a test' });
  await vi.waitUntil(() => events.length >= 3, { timeout: 20_000 });
  expect(events.slice(0, 3)).toEqual(['leading with sweeper', 'lost', 'leading with sweeper']);
});

test('a leader that fails leaves the election', async () => {
  @Injectable()
  @LeaderElection('failing')
  class Failing implements Leader {
    async onLeading(): Promise<void> {
      throw new Error('no disk');
    }

    onLost(): void {
      events.push('lost');
    }
  }
  const { app } = await startReplica({ baseUrl: server.url, token: server.token }, { providers: [Failing] });
  await vi.waitUntil(() => events.length === 1, { timeout: 20_000 });
  expect(events).toEqual(['lost']);
  expect(app.get(LeaderElections).leading('failing')).toBeNull();
});

test('a provider that is not a singleton cannot lead', async () => {
  @Injectable({ scope: Scope.REQUEST })
  @LeaderElection('many')
  class Many extends Scheduler {}
  const starting = startReplica({ baseUrl: server.url, token: server.token }, { providers: [Many] });
  await expect(starting).rejects.toThrow(/^Many cannot lead, because it is not a singleton\./);
});
