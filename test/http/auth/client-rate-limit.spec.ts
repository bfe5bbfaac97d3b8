import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { BOB, startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ CLIENT_REQUESTS_PER_SECOND: '5' }, new ManualClock());
});

afterAll(() => server.close());

test('a user who sends too many requests learns when to retry, and other users are served', async () => {
  const alice = new Client(server.url, server.token);
  const replies = await Promise.all(Array.from({ length: 20 }, () => alice.get('/locks')));
  const refused = replies.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(15);
  expect(refused[0]?.body).toMatchObject({ code: 'rate_limited' });
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  expect((await alice.as(BOB).get('/locks')).status).toBe(200);
});
