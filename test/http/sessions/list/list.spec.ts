import { expect, test } from 'vitest';
import { ManualClock } from '../../../support/manual-clock.js';
import type { CheckedClient } from '../../../support/schema-client.js';
import { acquire, expectError, newName, openSession, useServer } from '../../suite.js';

const clock = new ManualClock();
const suite = useServer({}, clock);

interface Listed {
  readonly session_id: string;
}

async function idsOf(client: CheckedClient, query = ''): Promise<string[]> {
  const { status, body } = await client.get(`/sessions${query}`);
  expect(status).toBe(200);
  return (body['sessions'] as Listed[]).map(({ session_id }) => session_id);
}

/** Another user than those of the other tests. */
async function newUser(): Promise<CheckedClient> {
  const { body } = await suite.operator.post('/admin/tokens', { user: newName('user') });
  return suite.alice.as(String(body['token']));
}

test('shows your sessions that are alive, and no one else’s', async () => {
  const user = await newUser();
  expect((await user.get('/sessions')).body).toEqual({ sessions: [], next_cursor: null });
  const session_id = await openSession(user, 30);
  await openSession(suite.bob);
  await acquire(user, newName(), { session_id });
  expect((await user.get('/sessions')).body).toEqual({
    sessions: [
      {
        session_id,
        expires_at: new Date(clock.wallMs() + 30_000).toISOString(),
        ttl_seconds: 30,
        lock_count: 1,
      },
    ],
    next_cursor: null,
  });
  clock.advance(30_001);
  expect(await idsOf(user)).toEqual([]);
});

test('comes in pages, in order of the ids', async () => {
  const user = await newUser();
  const ids: string[] = [];
  for (let i = 0; i < 5; i += 1) ids.push(await openSession(user));
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await user.get(`/sessions?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
    listed.push(...(body['sessions'] as Listed[]).map(({ session_id }) => session_id));
    cursor = body['next_cursor'] as string | null;
  }
  expect(listed).toEqual(ids.toSorted());
  expect((await user.get('/sessions?limit=5')).body['next_cursor']).toBeNull();
});

test('a token with scopes sees the sessions that it has opened itself', async () => {
  const user = await newUser();
  await openSession(user);
  const { body } = await user.post('/tokens', { label: 'ci', scopes: [{ may: ['acquire'], on: ['a'] }] });
  const narrow = user.as(String(body['token']));
  const own = await openSession(narrow);
  expect(await idsOf(narrow)).toEqual([own]);
  expect(await idsOf(user)).toHaveLength(2);
});

test.each(['?limit=0', '?limit=1001', '?cursor=', '?cursor=%20', '?cursor=a', '?user=bob'])(
  'refuses %s',
  async (query) => {
    expectError(await suite.alice.get(`/sessions${query}`), 'validation_failed');
  },
);
