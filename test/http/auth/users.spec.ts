import { describe, expect, test } from 'vitest';
import { SERVER_ORIGIN } from '../../../src/audit/origin.js';
import { Accounts } from '../../../src/auth/accounts.js';
import { TokenTimesJob } from '../../../src/auth/tokens/token-times.job.js';
import { signedIn } from './browser/browser-suite.js';
import { ALICE } from '../../support/server.js';
import { acquire, expectError, newName, openSession, useServer } from '../suite.js';

const suite = useServer({ ADMIN_USERS: 'grace' });

interface Listed {
  readonly user: string;
  readonly next_cursor: string | null;
}

async function page(query = ''): Promise<{ users: Listed[]; names: string[]; next: string | null }> {
  const { status, body } = await suite.operator.get(`/admin/users${query}`);
  expect(status).toBe(200);
  const users = body['users'] as Listed[];
  return { users, names: users.map(({ user }) => user), next: body['next_cursor'] as string | null };
}

test('an account is shown with what it has', async () => {
  const name = newName('ada');
  const { body } = await suite.operator.post('/admin/tokens', { user: name });
  const ada = suite.alice.as(String(body['token']));
  await acquire(ada);
  await acquire(ada);
  await openSession(ada);
  await ada.post('/tokens', { label: 'laptop' });
  await signedIn(suite, String(body['token']));
  await suite.server.app.get(TokenTimesJob).recordUses();
  const { users } = await page(`?query=${name.toUpperCase()}`);
  expect(users).toEqual([
    {
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user: `local:${name}`,
      login: name,
      source: 'local',
      is_administrator: false,
      groups: [],
      created_at: expect.stringMatching(/Z$/),
      last_used_at: expect.stringMatching(/Z$/),
      tokens: 2,
      browser_sessions: 1,
      locks: 2,
      sessions: 1,
    },
  ]);
});

test('the administrators are known', async () => {
  const grace = { provider: 'github', subject: '7', login: 'grace', avatarUrl: null } as const;
  await suite.server.app.get(Accounts).changes.signIn(grace, SERVER_ORIGIN);
  expect((await page('?query=github:')).users).toMatchObject([
    { user: 'github:grace', source: 'github', is_administrator: true },
  ]);
});

test('a deleted account is left out', async () => {
  const name = newName('robot');
  await suite.operator.post('/admin/service-accounts', { name, owners: ['static:alice'] });
  expect((await page(`?query=${name}`)).names).toEqual([`service:${name}`]);
  await suite.operator.delete(`/admin/service-accounts/${name}`);
  expect((await page(`?query=${name}`)).names).toEqual([]);
});

test('the pages have every account once, in order', async () => {
  for (let i = 0; i < 5; i += 1) await suite.operator.post('/admin/tokens', { user: newName('many') });
  const { names: all } = await page();
  expect(all).toEqual(all.toSorted());
  expect(all).toEqual(expect.arrayContaining(['static:alice', 'static:bob']));
  const seen: string[] = [];
  for (let query = '?limit=2'; ;) {
    const { names, next } = await page(query);
    seen.push(...names);
    if (next === null) break;
    query = `?limit=2&cursor=${next}`;
  }
  expect(seen).toEqual(all);
});

test.each(['?limit=0', '?cursor=', '?cursor=*', '?q=a'])('refuses %s', async (query) => {
  expectError(await suite.operator.get(`/admin/users${query}`), 'validation_failed');
});

describe('GET /me says how you have signed in', () => {
  test('with a token', async () => {
    expect((await suite.alice.get('/me')).body).toMatchObject({ signed_in_with: 'token' });
  });

  test('with a browser session', async () => {
    const browser = await signedIn(suite, ALICE);
    expect((await browser.get('/me')).body).toMatchObject({ signed_in_with: 'browser_session' });
  });
});
