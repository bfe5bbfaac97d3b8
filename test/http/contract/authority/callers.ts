import { SERVER_ORIGIN } from '../../../../src/audit/origin.js';
import { Accounts } from '../../../../src/auth/accounts.js';
import { Clock } from '../../../../src/clock/clock.js';
import { hashToken } from '../../../../src/auth/tokens/token-format.js';
import { NO_TERMS } from '../../../../src/auth/tokens/valid-token.js';
import { PageBrowser } from '../../../../lab/kit/doubles/page-browser.js';
import { Client } from '../../../../lab/kit/http/client.js';
import { ADMIN_KEY, ALICE, BOB, type TestServer } from '../../../support/server.js';

export const METRICS_KEY = 'the-metrics-key-of-tests';
/** The user of GitHub whom `ADMIN_USERS` names. */
export const ADMINISTRATOR = { provider: 'github', subject: '7', login: 'grace', avatarUrl: null } as const;
const CI_JOB = {
  provider: 'oidc',
  subject: 'https://ci.example:repo:acme/app',
  login: 'repo:acme/app',
  avatarUrl: null,
} as const;
/** Has the name of the administrator, but is a static user. */
export const NAMESAKE = 'token-of-the-namesake';

/** What callers are made from. */
export interface Actors {
  readonly server: TestServer;
  readonly administrator: string;
  /** Tokens of the owner that are no longer valid. */
  readonly ended: Readonly<Record<'rotated' | 'revoked' | 'expired', string>>;
}

type Headers = Record<string, string>;

/**
 * A kind of caller. It is a column of `table.md`, unless `like` says that it gets what another column gets. To add a column, add one
 * definition here, and the column to the table if it has one.
 */
export interface CallerKind {
  readonly headers: (actors: Actors) => Headers | Promise<Headers>;
  /** The column with its statuses. */
  readonly like?: (statuses: ReadonlyMap<string, number>) => string;
}

export const CALLERS: Readonly<Record<string, CallerKind>> = {
  'no one': { headers: () => ({}) },
  owner: { headers: (actors) => fresh(actors, ALICE) },
  other: { headers: (actors) => fresh(actors, BOB) },
  'narrow token': { headers: (actors) => fresh(actors, ALICE, ELSEWHERE) },
  'exchanged token': { headers: exchanged },
  administrator: { headers: (actors) => fresh(actors, actors.administrator) },
  'admin key': { headers: () => ({ 'x-admin-key': ADMIN_KEY }) },
  'metrics key': { headers: () => ({ 'x-admin-key': METRICS_KEY }) },
  session: { headers: (actors) => session(actors, ALICE) },
  'session without CSRF': {
    headers: async (actors) => withoutCsrf(await session(actors, ALICE)),
  },
  'administrator session': { headers: (actors) => session(actors, actors.administrator) },

  'the admin key as a bearer token': { headers: () => bearer(ADMIN_KEY), like: () => 'admin key' },
  'the metrics key as a bearer token': { headers: () => bearer(METRICS_KEY), like: () => 'metrics key' },
  'a user with the name of an administrator': {
    headers: ({ server }) => fresh({ server }, NAMESAKE),
    like: () => 'other',
  },
  'an unknown token': { headers: () => bearer('an-unknown-token'), like: unknown },
  'a rotated token': { headers: ({ ended }) => bearer(ended.rotated), like: unknown },
  'a revoked token': { headers: ({ ended }) => bearer(ended.revoked), like: unknown },
  'an expired token': { headers: ({ ended }) => bearer(ended.expired), like: unknown },
  'the hash of a token': { headers: () => bearer(hashToken(ALICE)), like: unknown },
  'a token twice': { headers: () => bearer(`${ALICE}, Bearer ${ALICE}`), like: unknown },
  'a token and more': { headers: () => bearer(`${ALICE} ${ALICE}`), like: unknown },
  'a token as a password': {
    headers: () => ({ authorization: `Basic ${Buffer.from(`alice:${ALICE}`).toString('base64')}` }),
    like: unknown,
  },
  'a token as a cookie': {
    headers: () => ({
      cookie: `authorization=Bearer ${ALICE}; __Host-octostore=${ALICE}; octostore=${ALICE}`,
    }),
    like: unknown,
  },
  'the secret of a session as a bearer token': {
    headers: async (actors) => bearer(secretIn(await session(actors, ALICE))),
    like: unknown,
  },
  'a session that has ended': {
    headers: async (actors) => {
      const headers = await session(actors, ALICE);
      await fetch(`${actors.server.url}/auth/session`, { method: 'DELETE', headers });
      return headers;
    },
    like: unknown,
  },
  'an invalid token beside a session': {
    headers: async (actors) => ({ ...(await session(actors, ALICE)), ...bearer('an-unknown-token') }),
    like: unknown,
  },
  'a token beside the session of someone else': {
    headers: async (actors) => ({ ...(await session(actors, BOB)), ...(await fresh(actors, ALICE)) }),
    like: () => 'owner',
  },
  'a token beside a wrong admin key': {
    headers: async (actors) => ({ ...(await fresh(actors, ALICE)), 'x-admin-key': `${ADMIN_KEY}x` }),
    // Only routes for operators look at the key.
    like: (statuses) =>
      statuses.get('owner') === 403 && statuses.get('session') === 403 ? 'no one' : 'owner',
  },
};

function unknown(): string {
  return 'no one';
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}

/** Scopes without any lock that a route is asked about. */
const ELSEWHERE = [{ may: ['acquire'], on: ['elsewhere/*'] }];

/** Another token of the same user, since some routes end the one that they are called with. */
async function fresh(
  { server }: Pick<Actors, 'server'>,
  token: string,
  scopes?: typeof ELSEWHERE,
): Promise<Headers> {
  const made = await new Client(server.url, token).post('/tokens', {
    label: 'of a caller',
    expires_in_seconds: 3600,
    scopes,
  });
  if (made.status === 201) return bearer(String(made.body['token']));
  throw new Error(`no token: ${JSON.stringify(made.body)}`);
}

/** A token as a CI job gets it. Its account owns nothing. */
async function exchanged({ server }: Pick<Actors, 'server'>): Promise<Headers> {
  const expiresAtMs = server.app.get(Clock).wallMs() + 900_000;
  const { changes } = server.app.get(Accounts);
  return bearer((await changes.exchange(CI_JOB, expiresAtMs, SERVER_ORIGIN)).token);
}

async function session({ server }: Pick<Actors, 'server'>, token: string): Promise<Headers> {
  const browser = new PageBrowser({ server }, new URL(server.url).origin);
  const { status } = await browser.paste(token);
  if (status !== 201 || browser.csrfToken === null) throw new Error(`no session: ${status}`);
  return { cookie: `octostore=${browser.secret}`, 'octostore-csrf': browser.csrfToken };
}

function withoutCsrf({ cookie = '' }: Headers): Headers {
  return { cookie };
}

function secretIn({ cookie = '' }: Headers): string {
  return cookie.slice('octostore='.length);
}

/** Makes what the callers are made from. */
export async function makeActors(server: TestServer): Promise<Actors> {
  const accounts = server.app.get(Accounts);
  const alice = new Client(server.url, ALICE);
  const { token: administrator } = await accounts.changes.signIn(ADMINISTRATOR, SERVER_ORIGIN);
  const [rotated, revoked] = [
    await alice.post('/tokens', { label: 'a' }),
    await alice.post('/tokens', { label: 'b' }),
  ];
  await alice.as(String(rotated.body['token'])).post('/auth/token/rotate');
  await alice.delete(`/tokens/${String(revoked.body['id'])}`);
  const owner = { provider: 'static', subject: 'alice', login: 'alice', avatarUrl: null } as const;
  const expired = await accounts.changes.issue(
    owner,
    { ...NO_TERMS, label: 'c', expiresAtMs: 1 },
    SERVER_ORIGIN,
  );
  return {
    server,
    administrator,
    ended: {
      rotated: String(rotated.body['token']),
      revoked: String(revoked.body['token']),
      expired: expired.token,
    },
  };
}

/** Revokes the tokens that callers have had so far. A user may have a hundred at most. */
export async function forgetTokens({ server, administrator }: Actors): Promise<void> {
  for (const token of [ALICE, BOB, NAMESAKE, administrator]) {
    const user = new Client(server.url, token);
    const { tokens } = (await user.get('/tokens')).body as { tokens: { id: string; label: string | null }[] };
    const labelled = tokens.filter(({ label }) => label !== null);
    await Promise.all(labelled.map(({ id }) => user.delete(`/tokens/${id}`)));
  }
}
