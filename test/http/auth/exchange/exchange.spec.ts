import { describe, expect, test } from 'vitest';
import { Journal } from '../../../../src/journal/journal.js';
import { linesOf } from '../../../audit/audit-fixture.js';
import { expectError, newLeaseId, newName } from '../../suite.js';
import { AUDIENCE, MAIN, useExchange } from './exchange-suite.js';

const suite = useExchange();

const FORM = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };

describe('an exchange', () => {
  test('gives a token of 15 minutes for the subject', async () => {
    const { status, body, headers } = await suite.exchange(await suite.token());
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    const user = `oidc:${suite.issuer.url}:${MAIN}`;
    expect(body).toEqual({
      access_token: expect.stringMatching(/^octo_/),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 900,
      user,
      user_id: expect.any(String),
    });
    const job = suite.nobody.as(String(body['access_token']));
    const { body: me } = await job.get('/me');
    expect(me).toMatchObject({ user, login: MAIN, user_id: body['user_id'], is_administrator: false });
    expect(me['token']).toMatchObject({
      expires_at: new Date(suite.clock.wallMs() + 900_000).toISOString(),
      label: null,
    });
  });

  test('is in the audit, with the subject and the id of the new token', async () => {
    const { body } = await suite.exchange(await suite.token());
    const { body: me } = await suite.nobody.as(String(body['access_token'])).get('/me');
    const lines = await linesOf(suite.server.app.get(Journal));
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({
      action: 'token.exchange',
      actor: { kind: 'user', user_id: body['user_id'], name: body['user'] },
      address: '127.0.0.1',
      subject: { kind: 'token', id: (me['token'] as { id: string }).id },
      outcome: 'ok',
    });
  });

  test('may be repeated with the same token, and gives the same account', async () => {
    const token = await suite.token();
    const [first, second] = [await suite.exchange(token), await suite.exchange(token)];
    expect(second.body['user_id']).toBe(first.body['user_id']);
    expect(second.body['access_token']).not.toBe(first.body['access_token']);
  });

  test('accepts the form of RFC 8693, whose unknown and empty parameters do not matter', async () => {
    const form = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await suite.token(),
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: AUDIENCE,
      client_id: 'ci',
      scope: '',
    }).toString();
    const { status } = await suite.nobody.post('/auth/exchange', form, FORM);
    expect(status).toBe(200);
    // `curl -d` announces a form, whatever it sends.
    const json = JSON.stringify({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await suite.token(),
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    expect((await suite.nobody.post('/auth/exchange', json, FORM)).status).toBe(200);
  });

  test.each([
    ['grant_type=a&grant_type=b', 'grant_type must not be repeated.'],
    ['grant_type=password', 'grant_type must be "urn:ietf:params:oauth:grant-type:token-exchange".'],
    ['actor_token=x', '"actor_token" is not a known field. Leave it out.'],
    ['scope=everything', '"scope" is not a known field. Leave it out.'],
  ])('refuses the form %s', async (form, problem) => {
    const reply = await suite.expectRefusal('validation_failed', () =>
      suite.nobody.post('/auth/exchange', form, FORM),
    );
    expect(reply.body['details']).toContain(problem);
  });

  test.each([
    { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
    { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
    { audience: 'https://elsewhere.example' },
    { lifetime: 3600 },
  ])('refuses %j', async (changes) => {
    const token = await suite.token();
    await suite.expectRefusal('validation_failed', () => suite.exchange(token, changes));
  });

  test('refuses a body that is neither JSON nor a form', async () => {
    await suite.expectRefusal('malformed_json', () => suite.nobody.post('/auth/exchange', '<xml/>', FORM));
  });
});

describe('an exchanged token', () => {
  test('must choose the ids of its leases', async () => {
    const job = await suite.job();
    const name = newName();
    await suite.expectRefusal('lease_id_required', () =>
      job.post(`/locks/${name}/acquire`, { ttl_seconds: 60 }),
    );
    await suite.expectRefusal('lease_id_required', () =>
      job.post('/leases', { ttl_seconds: 60, locks: [{ name }] }),
    );
    const { status } = await job.post(`/locks/${name}/acquire`, { ttl_seconds: 60, lease_id: newLeaseId() });
    expect(status).toBe(200);
  });

  test('keeps, renews and releases what an earlier one of its subject has acquired', async () => {
    const [first, name, lease_id] = [await suite.job(), newName(), newLeaseId()];
    const acquired = await first.post(`/locks/${name}/acquire`, { ttl_seconds: 3600, lease_id });
    suite.clock.advance(901_000);
    expectError(await first.post(`/locks/${name}/renew`, { lease_id, ttl_seconds: 3600 }), 'token_expired');
    const second = await suite.job();
    const again = await second.post(`/locks/${name}/acquire`, { ttl_seconds: 3600, lease_id });
    expect(again.body).toMatchObject({
      status: 'held',
      lease_id,
      fencing_token: acquired.body['fencing_token'],
    });
    const renewed = await second.post(`/locks/${name}/renew`, { lease_id, ttl_seconds: 3600 });
    expect(renewed.status).toBe(200);
    const other = await suite.job({ sub: 'repo:acme/other:ref:refs/heads/main' });
    expectError(await other.post(`/locks/${name}/release`, { lease_id }), 'lock_not_found');
    expect((await second.post(`/locks/${name}/release`, { lease_id })).status).toBe(200);
  });

  test('creates no other tokens, and a rotation keeps its end', async () => {
    const job = await suite.job();
    await suite.expectRefusal('forbidden', () => job.post('/tokens', { label: 'for later' }));
    const { body } = await job.post('/auth/token/rotate');
    const rotated = suite.nobody.as(String(body['token']));
    await suite.expectRefusal('lease_id_required', () =>
      rotated.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }),
    );
    suite.clock.advance(901_000);
    expectError(await rotated.get('/me'), 'token_expired');
  });

  test('an administrator finds the subject and ends its tokens', async () => {
    const job = await suite.job({ sub: 'repo:acme/ended:ref:refs/heads/main' });
    const user = encodeURIComponent(`oidc:${suite.issuer.url}:repo:acme/ended:ref:refs/heads/main`);
    const { body } = await suite.operator.get(`/admin/tokens?user=${user}`);
    expect(body['tokens']).toHaveLength(1);
    expect((await suite.operator.delete(`/admin/tokens?user=${user}`)).status).toBe(200);
    expectError(await job.get('/me'), 'unauthorized');
    const created = await suite.operator.post('/admin/tokens', { user: `oidc:${suite.issuer.url}:nobody` });
    expectError(created, 'user_not_found');
  });
});
