import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { TokenTimesJob } from '../../../../src/auth/tokens/token-times.job.js';
import { PageBrowser } from '../../../../lab/kit/doubles/page-browser.js';
import { Client } from '../../../../lab/kit/http/client.js';
import { ManualClock } from '../../../support/manual-clock.js';
import { ALICE, BOB, startServer, type TestServer } from '../../../support/server.js';
import { acquire, newName, useServer } from '../../suite.js';
import { newToken, signedIn } from './browser-suite.js';

const suite = useServer();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Listed {
  readonly id: string;
  readonly is_current: boolean;
  readonly token_id: string | null;
}

async function sessionsOf(browser: PageBrowser): Promise<Listed[]> {
  return (await browser.get('/me/sessions')).body['sessions'] as Listed[];
}

async function expectEnded(browser: PageBrowser, code = 'unauthorized'): Promise<void> {
  expect((await browser.get('/me')).body).toMatchObject({ code });
}

describe('a browser session ends', () => {
  test('when its owner signs out, and the browser forgets it', async () => {
    const browser = await signedIn(suite, ALICE);
    const cookie = `__Host-octostore=${browser.secret}`;
    expect((await browser.delete('/auth/session')).status).toBe(204);
    expect([...browser.jar.cookies.keys()]).toEqual([]);
    expect((await browser.get('/me', { headers: { cookie } })).status).toBe(401);
    expect((await suite.alice.get('/me')).status).toBe(200);
  });

  test('when its owner ends it from another one, and others cannot', async () => {
    const [mine, lost, others] = [
      await signedIn(suite, ALICE),
      await signedIn(suite, ALICE),
      await signedIn(suite, BOB),
    ];
    const id = String((await lost.get('/auth/session')).body['id']);
    expect((await others.delete(`/me/sessions/${id}`)).body).toMatchObject({ code: 'session_not_found' });
    expect((await sessionsOf(mine)).find((session) => session.id === id)).toMatchObject({
      is_current: false,
    });
    expect((await mine.delete(`/me/sessions/${id}`)).status).toBe(204);
    await expectEnded(lost);
    expect((await mine.get('/me')).status).toBe(200);
  });

  test('when an administrator ends all tokens of its user', async () => {
    const { token } = (await suite.operator.post('/admin/tokens', { user: 'carol' })).body;
    const browser = await signedIn(suite, String(token));
    const kinds = (await suite.operator.get('/admin/tokens?user=carol')).body['tokens'] as { kind: string }[];
    expect(kinds.map(({ kind }) => kind)).toEqual(['token', 'browser_session']);
    expect((await suite.operator.delete('/admin/tokens?user=carol')).status).toBe(200);
    await expectEnded(browser);
  });

  test.each(['revoked', 'rotated'])('when the token that opened it is %s', async (how) => {
    const { id, token } = await newToken(suite.alice);
    const browser = await signedIn(suite, token);
    expect((await browser.get('/auth/session')).body).toMatchObject({ token_id: id });
    if (how === 'revoked') await suite.alice.delete(`/tokens/${id}`);
    else await suite.alice.as(token).post('/auth/token/rotate');
    await expectEnded(browser);
  });

  test('and its event streams end with it', async () => {
    const browser = await signedIn(suite, ALICE);
    const { name } = await acquire(suite.bob);
    const stream = await browser.open('GET', `/locks/${name}/watch`);
    expect(stream.statusCode).toBe(200);
    await browser.delete('/auth/session');
    expect(await text(stream)).toContain('event: state');
  });

  test('and its waiting requests end with it', async () => {
    const browser = await signedIn(suite, ALICE);
    const { name } = await acquire(suite.bob, newName());
    const waiting = browser.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 30 });
    await expect.poll(async () => (await suite.bob.get(`/locks/${name}`)).body['waiters']).toBe(1);
    await (await signedIn(suite, ALICE)).delete(`/me/sessions/${await idOf(browser)}`);
    expect((await waiting).body).toMatchObject({ code: 'unauthorized' });
  });

  test('if its user opens too many: the oldest one', async () => {
    const { token } = (await suite.operator.post('/admin/tokens', { user: 'dora' })).body;
    const first = await signedIn(suite, String(token));
    for (let more = 0; more < 49; more += 1) await signedIn(suite, String(token));
    expect((await first.get('/me')).status).toBe(200);
    await signedIn(suite, String(token));
    await expectEnded(first);
    expect((await suite.alice.as(String(token)).get('/tokens')).body['tokens']).toHaveLength(1);
  });
});

describe('in time, a browser session ends', () => {
  async function withClock(
    use: (server: TestServer, clock: ManualClock, job: TokenTimesJob) => Promise<void>,
  ): Promise<void> {
    const clock = new ManualClock();
    const settings = { BROWSER_SESSION_IDLE_MINUTES: '30', BROWSER_SESSION_HOURS: '2' };
    const server = await startServer(settings, clock);
    try {
      await use(server, clock, server.app.get(TokenTimesJob));
    } finally {
      await server.close();
    }
  }

  test('when it is not used for a while', async () => {
    await withClock(async (server, clock) => {
      const browser = await signedIn({ server }, ALICE);
      clock.advance(30 * MINUTE_MS - 1);
      expect((await browser.get('/me')).status).toBe(200);
      clock.advance(30 * MINUTE_MS);
      await expectEnded(browser, 'token_expired');
    });
  });

  test('after the longest time, however much it is used', async () => {
    await withClock(async (server, clock) => {
      const browser = await signedIn({ server }, ALICE);
      for (let minutes = 20; minutes < 120; minutes += 20) {
        clock.advance(20 * MINUTE_MS);
        expect((await browser.get('/me')).status).toBe(200);
      }
      clock.advance(20 * MINUTE_MS);
      await expectEnded(browser, 'token_expired');
    });
  });

  test('with an open event stream, which is no use of it', async () => {
    await withClock(async (server, clock, job) => {
      const browser = await signedIn({ server }, ALICE);
      const stream = await browser.open('GET', '/watch');
      clock.advance(30 * MINUTE_MS);
      await job.endExpired();
      expect(await text(stream)).toContain('event: state');
      await expectEnded(browser, 'token_expired');
    });
  });

  test('with the token that opened it, if that one expires earlier', async () => {
    await withClock(async (server, clock) => {
      const alice = new Client(server.url, ALICE);
      const { token } = await newToken(alice, { expires_in_seconds: 600 });
      const browser = await signedIn({ server }, token);
      clock.advance(10 * MINUTE_MS);
      await expectEnded(browser, 'token_expired');
    });
  });

  test('and is written at most once a minute', async () => {
    await withClock(async (server, clock, job) => {
      const browser = await signedIn({ server }, ALICE);
      const lastUse = async () => (await browser.get('/me')).body['token'] as { last_used_at: string | null };
      expect((await lastUse()).last_used_at).toBeNull();
      await job.recordUses();
      const recorded = (await lastUse()).last_used_at;
      expect(recorded).not.toBeNull();
      expect(new Date(String(recorded)).getTime() % MINUTE_MS).toBe(0);
      clock.advance(MINUTE_MS);
      await lastUse();
      await job.recordUses();
      expect(
        new Date(String((await lastUse()).last_used_at)).getTime() - new Date(String(recorded)).getTime(),
      ).toBe(MINUTE_MS);
    });
  });

  test('and creates no token that lasts longer', async () => {
    await withClock(async (server, clock) => {
      const browser = await signedIn({ server }, ALICE);
      const made = await browser.post('/tokens', { label: 'from the console' });
      const { token } = made.body as { token: string };
      clock.advance(2 * HOUR_MS);
      expect((await new Client(server.url, token).get('/me')).status).toBe(401);
    });
  });
});

describe('a browser session', () => {
  test('has no token to rotate', async () => {
    const browser = await signedIn(suite, ALICE);
    expect((await browser.post('/auth/token/rotate')).body).toMatchObject({ code: 'forbidden' });
  });

  test('opens no other session', async () => {
    const browser = await signedIn(suite, ALICE);
    expect((await browser.post('/auth/session')).body).toMatchObject({ code: 'forbidden' });
  });

  test('is not opened with the admin key, which belongs to no user', async () => {
    expect((await suite.operator.post('/auth/session')).status).toBe(401);
  });

  test('is not among the tokens of its user, and not shown for a token', async () => {
    const browser = await signedIn(suite, ALICE);
    const { tokens } = (await browser.get('/tokens')).body as { tokens: { id: string }[] };
    expect(tokens.map(({ id }) => id)).not.toContain(await idOf(browser));
    expect((await suite.alice.get('/auth/session')).body).toMatchObject({ code: 'forbidden' });
    expect((await suite.alice.delete(`/tokens/${await idOf(browser)}`)).body).toMatchObject({
      code: 'token_not_found',
    });
  });
});

async function idOf(browser: PageBrowser): Promise<string> {
  return String((await browser.get('/auth/session')).body['id']);
}
