import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Fields } from '../../../sdks/typescript/src/fields.js';
import { OctoStoreClient } from '../../../sdks/typescript/src/index.js';
import { readLease, readLockStatus } from '../../../sdks/typescript/src/lock-readers.js';
import { readLockEvent } from '../../../sdks/typescript/src/readers.js';

const GRANT = {
  name: 'old',
  fencing_token: 7,
  expires_at: '2026-01-01T12:00:00.000Z',
  holder: 'alice',
  holder_id: '9f8b6a52-61b7-4f3a-9c0e-1f2d3c4b5a69',
  metadata: null,
};

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** Serves these answers in turn, and returns the requests. */
async function serve(answers: readonly Answer[]): Promise<{ client: OctoStoreClient; requests: string[] }> {
  const requests: string[] = [];
  const server = createServer(({ method, url }, response) => {
    const { status, body } = answers[requests.length] ?? { status: 404, body: {} };
    requests.push(`${method} ${url}`);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { client: new OctoStoreClient({ baseUrl: `http://127.0.0.1:${port}`, token: 'any' }), requests };
}

test('what a server of version 1.0 says about locks is read as exclusive', () => {
  expect(readLease(Fields.of({ ...GRANT, status: 'acquired', lease_id: 'x' }))).toMatchObject({
    mode: 'exclusive',
  });
  expect(readLockStatus(Fields.of({ ...GRANT, status: 'held', waiters: 0 }))).toMatchObject({
    mode: 'exclusive',
    holderCount: 1,
    holders: [{ fencingToken: 7, holder: 'alice', leaseId: null }],
  });
  const event = { event: 'expired', lock: 'old', timestamp: GRANT.expires_at, sequence: 3 };
  expect(readLockEvent(Fields.of(event))).toMatchObject({ mode: 'exclusive' });
});

test('if an acquire fails while its outcome is unknown, its lease is released, of one lock or of several', async () => {
  const refused = { status: 500, body: { code: 'internal_error' } };
  const { client, requests } = await serve([refused]);
  const leaseId = crypto.randomUUID();
  await expect(client.acquireAll([{ name: 'a' }, { name: 'b' }], { leaseId })).rejects.toThrow();
  await expect.poll(() => requests).toEqual(['POST /leases', `DELETE /leases/${leaseId}`]);
});

test('a lease that already uses the id is never released, even if the outcome of an attempt is unknown', async () => {
  const { client, requests } = await serve([
    { status: 503, body: { code: 'store_unavailable' } },
    { status: 409, body: { code: 'lease_mismatch' } },
    { status: 404, body: { code: 'lock_not_found' } },
  ]);
  const leaseId = crypto.randomUUID();
  await expect(client.acquire('a', { leaseId })).rejects.toMatchObject({ code: 'lease_mismatch' });
  await expect(client.lockStatus('a')).rejects.toMatchObject({ status: 404 });
  expect(requests).toEqual(['POST /locks/a/acquire', 'POST /locks/a/acquire', 'GET /locks/a']);
});
