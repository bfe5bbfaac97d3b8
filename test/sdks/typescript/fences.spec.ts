import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { OctoStoreClient, StaleTokenError, ValidationError } from '../../../sdks/typescript/src/index.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;
let client: OctoStoreClient;
/** Two tokens that were issued, the lower one first. */
let low: number;
let high: number;

beforeAll(async () => {
  server = await startServer();
  client = new OctoStoreClient({ baseUrl: server.url, token: BOB });
});

afterAll(() => server.close());

beforeEach(async () => {
  low = (await client.acquire('a', { leaseId: crypto.randomUUID(), mode: 'shared' })).fencingToken;
  high = (await client.acquire('a', { leaseId: crypto.randomUUID(), mode: 'shared' })).fencingToken;
});

test('a fence passes tokens that are at least the highest', async () => {
  expect(await client.fences.get('gpu/3')).toEqual({ name: 'gpu/3', highest: 0 });
  expect(await client.fences.advance('gpu/3', low)).toEqual({ name: 'gpu/3', highest: low });
  expect(await client.fences.check('gpu/3', high)).toEqual({ name: 'gpu/3', highest: low });
  expect(await client.fences.advance('gpu/3', high)).toEqual({ name: 'gpu/3', highest: high });
});

test('a stale token is an error of its own, with the highest', async () => {
  await client.fences.advance('stale', high);
  for (const call of [client.fences.advance('stale', low), client.fences.check('stale', low)]) {
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StaleTokenError);
    expect(error).toMatchObject({ type: 'stale', code: 'stale_fencing_token', status: 409, highest: high });
  }
});

test('what cannot be a token or a name is refused before it is sent', async () => {
  const unreachable = new OctoStoreClient({ baseUrl: 'http://127.0.0.1:1', token: BOB });
  for (const token of [0, -1, 1.5, NaN, 2 ** 53]) {
    await expect(unreachable.fences.advance('f', token)).rejects.toThrow(
      'fencingToken must be a whole number',
    );
  }
  await expect(unreachable.fences.check('a//b', 1)).rejects.toThrow('A fence name consists of');
  await expect(unreachable.fences.get('..')).rejects.toThrow(ValidationError);
});

test('a token that was never issued is not valid', async () => {
  await expect(client.fences.advance('f', 999_999)).rejects.toThrow(ValidationError);
});
