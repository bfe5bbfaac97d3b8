import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { addressOf, Connection, NoAnswer } from '../../lab/kit/http/connection.js';
import { frames } from '../../lab/kit/history/event-log.js';
import { ALICE, Installation, type ServerProcess, SOON } from '../support/process.js';
import { nowMs } from '../../src/process/time.js';
import { readLeases } from './database.js';

/** Shorter than the server's request timeout, and than the longest wait. */
const WITHIN_MS = 12_500;

interface Work {
  calls: number;
  /** The errors of connections lost while new ones could still be opened. */
  readonly losses: unknown[];
}

/** Acquires and releases until no connection can be opened. */
async function work(url: string, name: string, done: Work): Promise<void> {
  const connection = new Connection(() => addressOf(url), ALICE);
  for (;;) {
    try {
      const { status, body } = await connection.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
      done.calls += 1;
      if (status === 200) await connection.post(`/locks/${name}/release`, { lease_id: body['lease_id'] });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      if (!error.wasSent) return;
      done.losses.push(error.message);
    }
  }
}

async function readToEnd(server: ServerProcess): Promise<number> {
  let count = 0;
  for await (const frame of frames(server.url, ALICE, '0')) if (frame.event !== '') count += 1;
  return count;
}

function walBytes(installation: Installation): number {
  const path = `${installation.databasePath}-wal`;
  return existsSync(path) ? statSync(path).size : 0;
}

test('SIGTERM under load answers every request, ends streams, empties the log and exits with 0', async () => {
  const installation = new Installation();
  const server = await installation.start();
  const { body: taken } = await server.alice.post('/locks/taken/acquire', { ttl_seconds: 60 });
  const waiting = Array.from({ length: 4 }, () =>
    server.bob.post('/locks/taken/acquire', { ttl_seconds: 60, wait_seconds: 60 }),
  );
  const streams = [readToEnd(server), readToEnd(server)];
  const done = Array.from({ length: 16 }, (): Work => ({ calls: 0, losses: [] }));
  const workers = done.map((each, number) => work(server.url, `load/${number}`, each));
  await expect.poll(async () => (await server.alice.get('/locks/taken')).body['waiters'], SOON).toBe(4);
  await expect.poll(() => done.every(({ calls }) => calls > 1), SOON).toBe(true);

  const startMs = nowMs();
  const exit = await server.kill('SIGTERM');
  expect(exit).toEqual({ code: 0, signal: null });
  expect(nowMs() - startMs).toBeLessThan(WITHIN_MS);

  await Promise.all(workers);
  for (const { losses } of done) expect(losses).toEqual([]);
  for (const { status, body, headers } of await Promise.all(waiting)) {
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'shutting_down' });
    expect(headers.get('retry-after')).toBe('1');
  }
  for (const count of await Promise.all(streams)) expect(count).toBeGreaterThan(0);
  expect(walBytes(installation)).toBe(0);
  expect(await readLeases(installation.databasePath)).toContainEqual({
    lock_name: 'taken',
    lease_id: taken['lease_id'],
    fencing_token: taken['fencing_token'],
  });
});

test('neither an unfinished request nor more signals delay a stop', async () => {
  const server = await new Installation().start();
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1');
  slow.write('POST /locks/a/acquire HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{"ttl');
  await once(slow, 'connect');
  const cut = once(slow, 'close');
  const startMs = nowMs();
  server.program.signal('SIGINT');
  server.program.signal('SIGTERM');
  expect(await server.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(nowMs() - startMs).toBeLessThan(WITHIN_MS);
  expect(server.program.stdout.match(/"Stopping"/g)).toHaveLength(1);
  await cut;
});

test('during SHUTDOWN_DELAY_SECONDS the server still answers, but reports that it is not ready', async () => {
  const server = await new Installation({ SHUTDOWN_DELAY_SECONDS: '2' }).start();
  const startMs = nowMs();
  server.program.signal('SIGTERM');
  await expect.poll(async () => (await server.alice.get('/health/ready')).status, SOON).toBe(503);
  expect((await server.alice.get('/health/ready')).body).toEqual({ status: 'stopping' });
  expect((await server.alice.get('/health/live')).status).toBe(200);
  const { status } = await server.alice.post('/locks/late/acquire', { ttl_seconds: 60 });
  expect(status).toBe(200);
  expect(await server.program.exited).toEqual({ code: 0, signal: null });
  expect(nowMs() - startMs).toBeGreaterThanOrEqual(2000);
});
