import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { acquire, newLeaseId, newName, useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const KNOWN = { authorization: `Bearer ${ALICE}` };
const LARGE = requestText('GET', '/docs/swagger-ui-bundle.js');

function acquireText(name: string, body: object): string {
  return requestText('POST', `/locks/${name}/acquire`, KNOWN, JSON.stringify(body));
}

function openFiles(): number {
  return readdirSync('/proc/self/fd').length;
}

describe('pipelined requests', () => {
  const suite = useServer({ MAX_LOCKS_PER_USER: '1000' });

  test('are all answered, in order', async () => {
    const names = Array.from({ length: 500 }, () => newName());
    const connection = await openRawConnection(suite.server.url);
    connection.send(names.map((name) => requestText('GET', `/locks/${name}`, KNOWN)).join(''));
    for (const name of names) expect(JSON.parse((await connection.reply()).body)).toMatchObject({ name });
  });

  test('with bodies are all carried out, in order', async () => {
    const names = Array.from({ length: 100 }, () => newName());
    const metadata = 'm'.repeat(1000);
    const connection = await openRawConnection(suite.server.url);
    connection.send(names.map((name) => acquireText(name, { ttl_seconds: 60, metadata })).join(''));
    const tokens: number[] = [];
    for (const name of names) {
      const body = JSON.parse((await connection.reply()).body) as Record<string, unknown>;
      expect(body).toMatchObject({ status: 'acquired', name, metadata });
      tokens.push(Number(body['fencing_token']));
    }
    expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
  });

  test('use one file while the client does not read, and are all answered when it does', async () => {
    const before = openFiles();
    const connection = await openRawConnection(suite.server.url);
    connection.stopReading().send(LARGE.repeat(800));
    await expect.poll(openFiles).toBeGreaterThan(before + 1);
    for (let look = 0; look < 50; look += 1) {
      expect(openFiles()).toBeLessThan(before + 10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    connection.resumeReading();
    for (let answer = 0; answer < 20; answer += 1) expect((await connection.reply()).status).toBe(200);
    connection.cut();
    await expect.poll(openFiles).toBeLessThanOrEqual(before + 1);
  });

  test('do not start before the one in front of them is answered', async () => {
    const held = await acquire(suite.bob);
    const behind = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(
      acquireText(held.name, { ttl_seconds: 60, wait_seconds: 60 }) +
        acquireText(behind, { ttl_seconds: 60 }),
    );
    await expect.poll(async () => (await suite.bob.get(`/locks/${held.name}`)).body['waiters']).toBe(1);
    expect((await suite.bob.get(`/locks/${behind}`)).body['status']).toBe('available');
    await suite.bob.post(`/locks/${held.name}/release`, { lease_id: held.leaseId });
    expect((await connection.reply()).status).toBe(200);
    expect((await connection.reply()).status).toBe(200);
  });

  test('behind a wait are accepted up to a hundred, and beyond that the connection ends', async () => {
    const held = await acquire(suite.bob);
    const wait = acquireText(held.name, { ttl_seconds: 60, wait_seconds: 60 });
    const few = await openRawConnection(suite.server.url);
    few.send(wait + requestText('GET', '/health').repeat(100));
    const many = await openRawConnection(suite.server.url);
    many.send(wait + requestText('GET', '/health').repeat(101));
    await many.closed;
    await expect.poll(async () => (await suite.bob.get(`/locks/${held.name}`)).body['waiters']).toBe(1);
    await suite.bob.post(`/locks/${held.name}/release`, { lease_id: held.leaseId });
    for (let answer = 0; answer <= 100; answer += 1) expect((await few.reply()).status).toBe(200);
  });

  test('are answered before a malformed request behind them is refused', async () => {
    const connection = await openRawConnection(suite.server.url);
    const name = newName();
    const body = { ttl_seconds: 60, lease_id: newLeaseId() };
    connection.send(`${acquireText(name, body)}${acquireText(name, body)}nonsense\r\n\r\n`);
    expect(JSON.parse((await connection.reply()).body)).toMatchObject({ status: 'acquired' });
    expect(JSON.parse((await connection.reply()).body)).toMatchObject({ status: 'held' });
    expect(JSON.parse((await connection.reply()).body)).toMatchObject({ code: 'malformed_request' });
    await connection.closed;
  });
});

describe('pipelined requests of all connections', () => {
  const suite = useServer({ MAX_PIPELINED_REQUESTS: '50' });

  test('are held back up to a limit: the connection that exceeds it ends, and the others continue', async () => {
    const polite = await openRawConnection(suite.server.url);
    polite.stopReading().send(LARGE.repeat(40));
    await expect.poll(() => suite.connections.held).toBeGreaterThan(0);
    const greedy = await openRawConnection(suite.server.url);
    greedy.send(LARGE + requestText('GET', '/health').repeat(60));
    await greedy.closed;
    polite.resumeReading();
    for (let answer = 0; answer < 40; answer += 1) expect((await polite.reply()).status).toBe(200);
    expect(suite.connections.held).toBe(0);
  });
});
