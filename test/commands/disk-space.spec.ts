import { expect, test } from 'vitest';
import { addressOf, Connection, NoAnswer, type Answer } from '../../lab/kit/http/connection.js';
import { ALICE, Installation, type ServerProcess } from '../support/process.js';
import { pause } from '../../src/process/time.js';
import { SmallDisk } from '../support/process-disk.js';
import { readLeases } from './database.js';

const CLIENTS = 8;

/** One kilobyte, so that a small disk fills up quickly. */
const METADATA = 'm'.repeat(1000);

const MANY = { MAX_LOCKS_PER_USER: '1000000' };

interface Held {
  readonly lock: string;
  readonly lease_id: string;
}

/** Acquires locks one by one until that fails. Returns the last answer, or null if the connection was cut. */
async function acquireUntilRefused(
  url: string,
  client: number,
  held: Held[],
  restMs: number,
): Promise<Answer | null> {
  const connection = new Connection(() => addressOf(url), ALICE);
  try {
    for (let number = 0; ; number += 1) {
      const lock = `disk/${client}/${number}`;
      const answer = await connection.post(`/locks/${lock}/acquire`, {
        ttl_seconds: 3600,
        metadata: METADATA,
      });
      if (answer.status !== 200) return answer;
      held.push({ lock, lease_id: String(answer.body['lease_id']) });
      await pause(restMs);
    }
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  } finally {
    connection.cut();
  }
}

/** @param restMs Milliseconds between two calls of a client. */
async function fill(
  server: ServerProcess,
  restMs: number,
): Promise<{ held: Held[]; refusals: (Answer | null)[] }> {
  const held: Held[] = [];
  const clients = Array.from({ length: CLIENTS }, (_, client) =>
    acquireUntilRefused(server.url, client, held, restMs),
  );
  return { held, refusals: await Promise.all(clients) };
}

async function missing(installation: Installation, held: readonly Held[]): Promise<Held[]> {
  const stored = new Set((await readLeases(installation.databasePath)).map(({ lease_id }) => lease_id));
  return held.filter(({ lease_id }) => !stored.has(lease_id));
}

test('when the disk is nearly full, no new lock is granted, and held locks can be renewed', async () => {
  const installation = new Installation();
  const first = await installation.start();
  const { body: lease } = await first.alice.post('/locks/held/acquire', { ttl_seconds: 60 });
  const { body: session } = await first.alice.post('/sessions', {});
  await first.kill('SIGTERM');

  const { alice } = await installation.start({ MIN_FREE_DISK_MB: '1000000' });
  for (const [path, body] of [
    ['/locks/new/acquire', { ttl_seconds: 60 }],
    ['/locks/held/acquire', { ttl_seconds: 60, wait_seconds: 10 }],
    ['/sessions', {}],
  ] as const) {
    const refusal = await alice.post(path, body);
    expect(refusal).toMatchObject({ status: 503, body: { code: 'storage_low' } });
    expect(refusal.headers.get('retry-after')).toBe('1');
  }
  const lease_id = lease['lease_id'];
  expect((await alice.post('/locks/held/renew', { lease_id, ttl_seconds: 60 })).status).toBe(200);
  expect((await alice.post('/locks/held/release', { lease_id })).status).toBe(200);
  expect((await alice.post(`/sessions/${String(session['session_id'])}/keepalive`)).status).toBe(200);
});

test('a disk that fills up under load stops grants before renewals, and the service recovers without a restart', async () => {
  const disk = new SmallDisk(16);
  const installation = new Installation({ ...MANY, MIN_FREE_DISK_MB: '4' }, disk.path);
  const server = await installation.start();
  disk.occupy(9);
  // The server checks once a second, so a second of this load must fit into the space that it keeps free.
  const { held, refusals } = await fill(server, 20);
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ status: 503, body: { code: 'storage_low' } });
  expect(held.length).toBeGreaterThan(100);

  const ended = held.splice(0, 50);
  for (const { lock, lease_id } of held.slice(0, 50)) {
    expect((await server.alice.post(`/locks/${lock}/renew`, { lease_id, ttl_seconds: 3600 })).status).toBe(
      200,
    );
  }
  for (const { lock, lease_id } of ended) {
    expect((await server.alice.post(`/locks/${lock}/release`, { lease_id })).status).toBe(200);
  }
  disk.clear();
  const acquire = (): Promise<{ status: number }> =>
    server.alice.post('/locks/again/acquire', { ttl_seconds: 60 });
  await expect.poll(async () => (await acquire()).status).toBe(200);
  await server.kill();
  expect(await missing(installation, held)).toEqual([]);
  expect(await missing(installation, ended)).toEqual(ended);
});

test('a failed write ends the process with 70, and the next start has everything that was acknowledged', async () => {
  const disk = new SmallDisk(16);
  const installation = new Installation({ ...MANY, MIN_FREE_DISK_MB: '0' }, disk.path);
  const server = await installation.start();
  disk.occupy(8);
  const { held, refusals } = await fill(server, 0);
  for (const refusal of refusals.filter((answer) => answer !== null)) {
    expect(refusal).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  }
  expect(await server.program.finish()).toMatchObject({ code: 70, signal: null });
  expect(server.program.stdout).toContain('"level":"fatal"');
  expect(held.length).toBeGreaterThan(100);

  disk.clear();
  const again = await installation.start();
  for (const { lock, lease_id } of held.slice(-5)) {
    expect((await again.alice.post(`/locks/${lock}/renew`, { lease_id, ttl_seconds: 3600 })).status).toBe(
      200,
    );
  }
  await again.kill('SIGTERM');
  expect(await missing(installation, held)).toEqual([]);
});

test('a full disk is reported', async () => {
  const disk = new SmallDisk(1);
  disk.occupy(1);
  const { code, stdout, stderr } = await new Installation({}, disk.path).run([]);
  expect(stderr).toMatch(
    /^octostore: The disk that holds the database is full \([^\n]*\)\. Free some space[^\n]*\n$/,
  );
  expect(stdout).not.toMatch(/\n\s+at /);
  expect(code).toBe(73);
});
