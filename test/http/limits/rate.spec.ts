import { expect, test } from 'vitest';
import { ManualClock } from '../../support/manual-clock.js';
import { expectError, newName, useServer } from '../suite.js';

const clock = new ManualClock();
const suite = useServer({ CLIENT_REQUESTS_PER_SECOND: '5' }, clock);

test('a user over the rate limit gets 429 rate_limited until time has passed; others are served', async () => {
  const ask = () => suite.alice.get(`/locks/${newName()}`);
  for (let count = 0; count < 5; count += 1) expect((await ask()).status).toBe(200);
  const refused = await ask();
  expectError(refused, 'rate_limited');
  expect(refused.headers.get('retry-after')).toBe('1');
  expectError(await suite.alice.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }), 'rate_limited');
  expect((await suite.bob.get('/locks')).body).toMatchObject({ locks: [] });
  expect((await suite.nobody.get('/health')).status).toBe(200);
  clock.advance(1000);
  expect((await ask()).status).toBe(200);
});

test('callers without a valid token do not use up the limit of any user', async () => {
  clock.advance(10_000);
  for (let count = 0; count < 20; count += 1)
    expect((await suite.nobody.as('wrong').get('/locks')).status).toBe(401);
  expect((await suite.alice.get('/locks')).status).toBe(200);
});
