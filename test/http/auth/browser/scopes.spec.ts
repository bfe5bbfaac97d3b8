import { describe, expect, test } from 'vitest';
import { SERVER_ORIGIN } from '../../../../src/audit/origin.js';
import { Accounts } from '../../../../src/auth/accounts.js';
import { Clock } from '../../../../src/clock/clock.js';
import { ALICE } from '../../../support/server.js';
import { newLeaseId, newName, useServer } from '../../suite.js';
import { newToken, signedIn } from './browser-suite.js';

const suite = useServer();

const BILLING = [{ may: ['acquire'], on: ['billing/*'] }];

describe('a session that was opened with a token with scopes', () => {
  test('may do what the token may, and no more', async () => {
    const { token } = await newToken(suite.alice, { scopes: BILLING });
    const browser = await signedIn(suite, token);
    expect((await browser.post(`/locks/billing/${newName()}/acquire`, { ttl_seconds: 60 })).status).toBe(200);
    expect((await browser.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 })).status).toBe(403);
    expect((await browser.get('/me')).body).toMatchObject({ token: { scopes: BILLING } });
  });

  test('makes no token that may do more', async () => {
    const browser = await signedIn(suite, (await newToken(suite.alice, { scopes: BILLING })).token);
    const asked = { label: 'wider', scopes: [{ may: ['acquire'], on: ['*'] }] };
    expect((await browser.post('/tokens', asked)).body).toMatchObject({ code: 'scope_too_wide' });
    const made = await browser.post('/tokens', { label: 'as narrow' });
    expect(made.body).toMatchObject({ scopes: BILLING });
  });

  test('neither sees nor ends the other sessions and tokens of its user', async () => {
    const wide = await signedIn(suite, ALICE);
    const wideId = String((await wide.get('/auth/session')).body['id']);
    const narrow = await signedIn(suite, (await newToken(suite.alice, { scopes: BILLING })).token);
    const narrowId = String((await narrow.get('/auth/session')).body['id']);
    expect((await narrow.get('/me/sessions')).body['sessions']).toMatchObject([{ id: narrowId }]);
    expect((await narrow.delete(`/me/sessions/${wideId}`)).status).toBe(404);
    expect((await narrow.get('/tokens')).body['tokens']).toEqual([]);
    expect((await wide.get('/me')).status).toBe(200);
  });

  test('is seen and ended by that token, which sees no others', async () => {
    const { token, id } = await newToken(suite.alice, { scopes: BILLING });
    await signedIn(suite, ALICE);
    const session = await signedIn(suite, token);
    const owner = suite.alice.as(token);
    const { sessions } = (await owner.get('/me/sessions')).body as { sessions: { id: string }[] };
    expect(sessions).toMatchObject([{ token_id: id }]);
    expect((await owner.delete(`/me/sessions/${sessions[0]?.id}`)).status).toBe(204);
    expect((await session.get('/me')).status).toBe(401);
  });
});

test('a session that was opened with an exchanged token must choose the ids of its leases, too', async () => {
  const job = { provider: 'oidc', subject: 'https://ci.example:job', login: 'job', avatarUrl: null } as const;
  const { changes } = suite.server.app.get(Accounts);
  const expiresAtMs = suite.server.app.get(Clock).wallMs() + 900_000;
  const browser = await signedIn(suite, (await changes.exchange(job, expiresAtMs, SERVER_ORIGIN)).token);
  const path = `/locks/${newName()}/acquire`;
  expect((await browser.post(path, { ttl_seconds: 60 })).body).toMatchObject({ code: 'lease_id_required' });
  expect((await browser.post(path, { ttl_seconds: 60, lease_id: newLeaseId() })).status).toBe(200);
  expect((await browser.post('/tokens', { label: 'longer' })).status).toBe(403);
});
