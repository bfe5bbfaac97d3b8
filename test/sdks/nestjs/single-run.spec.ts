import { Injectable } from '@nestjs/common';
import { Cron, SchedulerRegistry } from '@nestjs/schedule';
import { LockHeldError, OctoStoreClient } from '@octostore/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { currentLock, SingleRun } from '../../../sdks/nestjs/src/index.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';
import { holdDuringTest, startReplica, type Replica } from './replica.js';

/** Never within a test: the tests run the jobs themselves. */
const NEW_YEAR = '0 0 0 1 1 *';

let server: TestServer;
let runs: number[] = [];

beforeAll(async () => {
  server = await startServer();
});

beforeEach(() => {
  runs = [];
});

afterAll(() => server.close());

@Injectable()
class Invoices {
  constructor(private readonly client: OctoStoreClient) {}

  @Cron(NEW_YEAR, { name: 'above', waitForCompletion: true })
  @SingleRun('invoices/above')
  async sendAll(): Promise<void> {
    runs.push(currentLock().fencingToken);
  }

  @SingleRun('invoices/below', { minHoldSeconds: 0 })
  @Cron(NEW_YEAR, { name: 'below', waitForCompletion: true })
  async remindAll(): Promise<void> {
    runs.push(currentLock().fencingToken);
  }

  @SingleRun('invoices/nested', { minHoldSeconds: 0 })
  async printAll(): Promise<void> {
    await this.client.hold('printer');
  }
}

function start(): Promise<Replica> {
  return startReplica({ baseUrl: server.url, token: server.token }, { providers: [Invoices] });
}

/** Runs a job as its schedule would. */
function tick({ app }: Replica, job: string): Promise<void> {
  return Promise.resolve(app.get(SchedulerRegistry).getCronJob(job).fireOnTick());
}

test('one of two replicas runs a scheduled job, even if the other one is a little late', async () => {
  const replicas = [await start(), await start()];
  await Promise.all(replicas.map((replica) => tick(replica, 'above')));
  expect(runs).toHaveLength(1);
  for (const replica of replicas) await tick(replica, 'above');
  expect(runs).toEqual([expect.any(Number)]);
});

test('without a time to hold the lock at least, the next run may follow at once', async () => {
  const replica = await start();
  await tick(replica, 'below');
  await tick(replica, 'below');
  expect(runs).toHaveLength(2);
});

test('an error of the job is not taken for a skipped run', async () => {
  const { app } = await start();
  const bob = new OctoStoreClient({ baseUrl: server.url, token: BOB });
  await holdDuringTest(bob, 'printer');
  await expect(app.get(Invoices).printAll()).rejects.toThrow(LockHeldError);
});

test('a job does not begin during the shutdown, and other errors are not hidden', async () => {
  const { app } = await start();
  const invoices = app.get(Invoices);
  await app.close();
  await invoices.remindAll();
  expect(runs).toEqual([]);

  const stranger = await startReplica({ baseUrl: server.url, token: 'unknown' }, { providers: [Invoices] });
  await expect(stranger.app.get(Invoices).remindAll()).rejects.toMatchObject({ type: 'authentication' });
});
