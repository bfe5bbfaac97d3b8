import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import { openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({ MAX_SESSIONS_PER_USER: '12' }, clock);

function inSeconds(seconds: number): string {
  return new Date(clock.wallMs() + seconds * 1000).toISOString();
}

test('answers with the new session', async () => {
  const { status, body } = await suite.alice.post('/sessions', { ttl_seconds: 30 });
  expect(status).toBe(201);
  expect(body).toEqual({
    session_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    expires_at: inSeconds(30),
    keepalive_interval_secs: 15,
  });
});

test.each<[string, unknown]>([
  ['an empty object', {}],
  ['null', { ttl_seconds: null }],
  ['no body at all', undefined],
])('lasts 60 seconds for %s', async (_, body) => {
  const reply = await suite.bob.post('/sessions', body);
  expect(reply.status).toBe(201);
  expect(reply.body).toMatchObject({ expires_at: inSeconds(60), keepalive_interval_secs: 30 });
});

test.each([
  [10, 5],
  [11, 5],
  [300, 150],
])('may last %d seconds and is kept alive every %d', async (ttl_seconds, interval) => {
  const { status, body } = await suite.bob.post('/sessions', { ttl_seconds });
  expect(status).toBe(201);
  expect(body).toMatchObject({ expires_at: inSeconds(ttl_seconds), keepalive_interval_secs: interval });
});

test('creates another session each time', async () => {
  expect(await openSession(suite.bob)).not.toBe(await openSession(suite.bob));
});

describe('refuses', () => {
  test.each<[string, unknown]>([
    ['ttl_seconds of 9', { ttl_seconds: 9 }],
    ['ttl_seconds of 301', { ttl_seconds: 301 }],
    ['a fraction', { ttl_seconds: 10.5 }],
    ['a number as text', { ttl_seconds: '60' }],
    ['false', { ttl_seconds: false }],
    ['an unknown field', { ttl: 60 }],
    ['a list', []],
    ['a null body', null],
    ['a text', '"60"'],
  ])('%s with validation_failed', async (_, body) => {
    await suite.expectRefusal('validation_failed', () =>
      suite.alice.post('/sessions', body === null ? 'null' : body),
    );
  });

  test('invalid JSON, or a body that is too large', async () => {
    await suite.expectRefusal('malformed_json', () => suite.alice.post('/sessions', 'ttl_seconds=60'));
    await suite.expectRefusal('body_too_large', () => suite.alice.post('/sessions', ' '.repeat(16_385)));
  });

  test('callers without a valid token', async () => {
    await suite.expectRefusal('unauthorized', () => suite.nobody.post('/sessions', {}));
    await suite.expectRefusal('unauthorized', () => suite.nobody.as('wrong').post('/sessions', {}));
  });

  test('more sessions than a user may have, until one has ended', async () => {
    clock.advance(300_001);
    const sessions: string[] = [];
    for (let count = 0; count < 12; count += 1) sessions.push(await openSession(suite.alice, 60));
    const { body } = await suite.expectRefusal('session_limit_exceeded', () =>
      suite.alice.post('/sessions', {}),
    );
    expect(body['details']).toContain('12');
    await openSession(suite.bob);
    await suite.alice.delete(`/sessions/${sessions[0]}`);
    await openSession(suite.alice);
    clock.advance(60_001);
    await openSession(suite.alice);
  });
});
