import { describe, expect, test } from 'vitest';
import { Watches } from '../../../src/events/watches.js';
import { RawConnection, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { acquire, newName, useServer, type Granted } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const suite = useServer();

const KNOWN = { authorization: `Bearer ${ALICE}` };

function waitFor(name: string): string {
  return requestText(
    'POST',
    `/locks/${name}/acquire`,
    KNOWN,
    JSON.stringify({ ttl_seconds: 60, wait_seconds: 60 }),
  );
}

async function waiters({ name }: Granted): Promise<unknown> {
  return (await suite.bob.get(`/locks/${name}`)).body['waiters'];
}

async function expectFreeAfterRelease({ name, leaseId }: Granted): Promise<void> {
  await suite.bob.post(`/locks/${name}/release`, { lease_id: leaseId });
  expect((await suite.bob.get(`/locks/${name}`)).body['status']).toBe('available');
}

const ENDS = [
  ['closes the connection', (connection: RawConnection) => connection.cut()],
  ['resets the connection', (connection: RawConnection) => connection.reset()],
  ['closes its half of the connection', (connection: RawConnection) => connection.end()],
] as const;

describe.each(ENDS)('a client that %s', (_, leave) => {
  test.each([
    ['', ''],
    [', after another request', requestText('GET', '/openapi.yaml')],
    [', after a request that changes something', requestText('POST', '/sessions', KNOWN)],
  ])('leaves the line%s', async (_where, before) => {
    const held = await acquire(suite.bob);
    const connection = await openRawConnection(suite.server.url);
    connection.send(before + waitFor(held.name));
    await expect.poll(() => waiters(held)).toBe(1);
    leave(connection);
    await expect.poll(() => waiters(held)).toBe(0);
    await expectFreeAfterRelease(held);
  });

  test.each([
    ['', ''],
    [', with requests after it', requestText('GET', '/health').repeat(50)],
  ])('leaves the line%s, whatever the server is doing just then', async (_where, after) => {
    const held = await acquire(suite.bob);
    const connection = await openRawConnection(suite.server.url);
    connection.send(waitFor(held.name) + after);
    await expect.poll(() => waiters(held)).toBe(1);
    leave(connection);
    await expect.poll(() => waiters(held)).toBe(0);
    await expectFreeAfterRelease(held);
  });

  test.each([
    ['', ''],
    [', after another request', requestText('GET', '/openapi.yaml')],
  ])('ends its watch%s', async (_where, before) => {
    const watches = suite.server.app.get(Watches);
    const connection = await openRawConnection(suite.server.url);
    connection.send(before + requestText('GET', '/watch', KNOWN));
    await expect.poll(() => watches.count).toBe(1);
    leave(connection);
    await expect.poll(() => watches.count).toBe(0);
    await expect.poll(() => suite.connections.count).toBeLessThanOrEqual(2);
  });

  test('is never granted a lock that it requested after its wait', async () => {
    const held = await acquire(suite.bob);
    const behind = newName();
    const connection = await openRawConnection(suite.server.url);
    connection.send(waitFor(held.name) + waitFor(behind));
    await expect.poll(() => waiters(held)).toBe(1);
    leave(connection);
    await connection.closed;
    await expectFreeAfterRelease(held);
    expect((await suite.bob.get(`/locks/${behind}`)).body['status']).toBe('available');
  });
});

describe('a client that closes its half of the connection right after its requests', () => {
  test('gets an answer to each, and then the connection ends', async () => {
    const connection = await openRawConnection(suite.server.url);
    const names = [newName(), newName(), newName()];
    const body = JSON.stringify({ ttl_seconds: 60 });
    connection.send(names.map((name) => requestText('POST', `/locks/${name}/acquire`, KNOWN, body)).join(''));
    connection.end();
    for (const name of names)
      expect(JSON.parse((await connection.reply()).body)).toMatchObject({ status: 'acquired', name });
    await connection.closed;
  });

  test('gets all of a large answer', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.send(requestText('GET', '/docs/swagger-ui-bundle.js'));
    connection.end();
    expect((await connection.reply()).body.length).toBeGreaterThan(1_000_000);
    await connection.closed;
  });

  test('learns why it does not wait', async () => {
    const held = await acquire(suite.bob);
    const connection = await openRawConnection(suite.server.url);
    connection.send(waitFor(held.name));
    connection.end();
    expect((await connection.reply()).status).toBe(408);
    await connection.closed;
    expect(await waiters(held)).toBe(0);
  });

  test('is disconnected at once if it sent no request', async () => {
    const connection = await openRawConnection(suite.server.url);
    connection.end();
    await expect(connection.closed).resolves.toBeUndefined();
  });
});
