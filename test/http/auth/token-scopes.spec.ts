import { describe, expect, test } from 'vitest';
import type { CheckedClient } from '../../support/schema-client.js';
import { BOB } from '../../support/server.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../suite.js';

const suite = useServer();

interface Scope {
  readonly may: readonly string[];
  readonly on: readonly string[];
}

const BILLING: Scope[] = [{ may: ['acquire'], on: ['billing/*'] }];

interface Made {
  readonly id: string;
  readonly client: CheckedClient;
}

async function make(maker: CheckedClient, scopes?: readonly Scope[]): Promise<Made> {
  const made = await maker.post('/tokens', { label: newName('token'), scopes });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return { id: String(made.body['id']), client: suite.alice.as(String(made.body['token'])) };
}

const billing = (): string => newName('billing/lock');
const elsewhere = (): string => newName('search/lock');

async function openSession(client: CheckedClient): Promise<string> {
  const opened = await client.post('/sessions', { ttl_seconds: 60 });
  return String(opened.body['session_id']);
}

/** A lease of both locks, made with a token without scopes. */
async function leaseOf(...names: readonly string[]): Promise<string> {
  const lease_id = newLeaseId();
  const locks = names.map((name) => ({ name }));
  const made = await suite.alice.post('/leases', { ttl_seconds: 60, locks, lease_id });
  expect(made.status).toBe(200);
  return lease_id;
}

async function expectAlive(leaseId: string): Promise<void> {
  expect((await suite.alice.get(`/leases/${leaseId}`)).status).toBe(200);
}

describe('the scopes of a token', () => {
  test('are shown where the token is shown', async () => {
    const { id, client } = await make(suite.alice, BILLING);
    expect((await client.get('/me')).body).toMatchObject({ token: { id, scopes: BILLING } });
    const listed = (await suite.alice.get('/tokens')).body['tokens'];
    expect(listed).toContainEqual(expect.objectContaining({ id, scopes: BILLING }));
    expect((await suite.alice.get('/me')).body).toMatchObject({ token: { scopes: null } });
    const administered = (await suite.operator.get('/admin/tokens?user=alice')).body['tokens'];
    expect(administered).toContainEqual(expect.objectContaining({ id, scopes: BILLING }));
  });

  test('limit what it acquires, sees and lists', async () => {
    const { client } = await make(suite.alice, BILLING);
    const [inside, outside] = [billing(), elsewhere()];
    await acquire(suite.bob, outside);
    await acquire(client, inside);
    expectError(await client.post(`/locks/${outside}/acquire`, { ttl_seconds: 60 }), 'forbidden');
    const refused = await client.get(`/locks/${outside}`);
    expectError(refused, 'forbidden');
    expect(refused.body['details']).toContain('The scopes of your token do not let it observe');
    const names = ((await client.get('/locks')).body['locks'] as { name: string }[]).map(({ name }) => name);
    expect(names).toContain(inside);
    expect(names.filter((name) => !name.startsWith('billing/'))).toEqual([]);
  });

  test('may be set by administrators, for any user', async () => {
    const made = await suite.operator.post('/admin/tokens', { user: 'robot', scopes: BILLING });
    expect(made.body).toMatchObject({ scopes: BILLING });
    const robot = suite.alice.as(String(made.body['token']));
    expectError(await robot.get(`/locks/${elsewhere()}`), 'forbidden');
    expect((await robot.get(`/locks/${billing()}`)).status).toBe(200);
  });

  test.each([
    ['no grant', []],
    ['no pattern', [{ may: ['acquire'], on: [] }]],
    ['no action', [{ may: [], on: ['a'] }]],
    ['an unknown action', [{ may: ['fly'], on: ['a'] }]],
    ['an empty pattern', [{ may: ['acquire'], on: [''] }]],
    ['a pattern with characters that no lock name has', [{ may: ['acquire'], on: ['a%2Fb'] }]],
    ['a pattern that is too long', [{ may: ['acquire'], on: ['a'.repeat(257)] }]],
    ['too many grants', Array.from({ length: 21 }, () => ({ may: ['acquire'], on: ['a'] }))],
    [
      'too many characters',
      Array.from({ length: 9 }, (_, index) => ({ may: ['acquire'], on: [String(index).repeat(250)] })),
    ],
    [
      'too many patterns',
      [
        { may: ['acquire'], on: Array.from({ length: 30 }, (_, index) => `a${index}`) },
        { may: ['observe'], on: Array.from({ length: 30 }, (_, index) => `a${index}`) },
      ],
    ],
    ['a subject', [{ to: ['everyone'], may: ['acquire'], on: ['a'] }]],
    ['a text', 'acquire:a'],
  ])('are refused with %s', async (_, scopes) => {
    expectError(await suite.alice.post('/tokens', { label: 'bad', scopes }), 'validation_failed');
    expectError(await suite.operator.post('/admin/tokens', { user: 'bob', scopes }), 'validation_failed');
  });

  test('hold for names with encoded and odd characters', async () => {
    const { client } = await make(suite.alice, [{ may: ['acquire'], on: ['billing/?'] }]);
    expect((await client.post('/locks/billing%2Fa/acquire', { ttl_seconds: 1 })).status).toBe(200);
    for (const path of ['billing%2Fab', 'billing', 'Billing/a', 'search/..%2Fbilling/a']) {
      const { status } = await client.call('POST', `/locks/${path}/acquire`, { body: { ttl_seconds: 1 } });
      expect(status, path).toBeGreaterThanOrEqual(400);
    }
  });
});

describe('a token that a token with scopes makes', () => {
  test('has the same scopes, or narrower ones', async () => {
    const { client } = await make(suite.alice, BILLING);
    const same = await make(client);
    expect((await same.client.get('/me')).body).toMatchObject({ token: { scopes: BILLING } });
    const narrower = [{ may: ['observe'], on: ['billing/eu/*', 'billing/nightly'] }];
    expect((await (await make(client, narrower)).client.get('/me')).body).toMatchObject({
      token: { scopes: narrower },
    });
  });

  test.each([
    [{ may: ['acquire'], on: ['*'] }],
    [{ may: ['acquire'], on: ['billing*'] }],
    [{ may: ['acquire'], on: ['**/billing/x'] }],
    [{ may: ['acquire'], on: ['?illing/x'] }],
    [{ may: ['break'], on: ['billing/x'] }],
    [{ may: ['administer'], on: ['billing/*'] }],
    [{ may: ['acquire'], on: ['billing/x', 'search/x'] }],
  ])('cannot have %j', async (grant) => {
    const { client } = await make(suite.alice, BILLING);
    const refused = await client.post('/tokens', { label: 'wider', scopes: [...BILLING, grant] });
    expectError(refused, 'scope_too_wide');
    expect(refused.body['details']).toContain(grant.on.at(-1));
  });

  test('keeps them through a rotation, as its maker does', async () => {
    const { id, client } = await make(suite.alice, BILLING);
    const rotated = suite.alice.as(String((await client.post('/auth/token/rotate')).body['token']));
    expect((await rotated.get('/me')).body).toMatchObject({ token: { id, scopes: BILLING } });
    expectError(await rotated.get(`/locks/${elsewhere()}`), 'forbidden');
  });
});

test('a token with scopes neither sees nor ends the other tokens of its owner', async () => {
  const { id, client } = await make(suite.alice, BILLING);
  const other = await make(suite.alice);
  expect((await client.get('/tokens')).body['tokens']).toMatchObject([{ id }]);
  expectError(await client.delete(`/tokens/${other.id}`), 'token_not_found');
  expect((await other.client.get('/me')).status).toBe(200);
  expect((await client.delete(`/tokens/${id}`)).status).toBe(204);
  expectError(await client.get('/me'), 'unauthorized');
});

describe('leases of the owner', () => {
  test('outside of the scopes cannot be released, renewed, converted or seen', async () => {
    const { client } = await make(suite.alice, BILLING);
    const name = elsewhere();
    const lease_id = await leaseOf(name);
    expectError(await client.post(`/locks/${name}/release`, { lease_id }), 'forbidden');
    expectError(await client.post(`/locks/${name}/renew`, { lease_id, ttl_seconds: 60 }), 'forbidden');
    expectError(await client.post(`/locks/${name}/convert`, { lease_id, mode: 'shared' }), 'forbidden');
    expectError(await client.get(`/leases/${lease_id}`), 'lock_not_found');
    expectError(await client.delete(`/leases/${lease_id}`), 'lock_not_found');
    expectError(await client.post(`/leases/${lease_id}/renew`, { ttl_seconds: 60 }), 'lock_not_found');
    await expectAlive(lease_id);
  });

  test('that hold one lock inside and one outside of the scopes count as outside, and their other locks are not named', async () => {
    const { client } = await make(suite.alice, BILLING);
    const [inside, outside] = [billing(), elsewhere()];
    const lease_id = await leaseOf(inside, outside);
    const answers = [
      await client.post(`/locks/${inside}/release`, { lease_id }),
      await client.post(`/locks/${inside}/renew`, { lease_id, ttl_seconds: 60 }),
      await client.post(`/locks/${inside}/convert`, { lease_id, mode: 'shared' }),
    ];
    for (const answer of answers) expectError(answer, 'forbidden');
    const byId = [await client.get(`/leases/${lease_id}`), await client.delete(`/leases/${lease_id}`)];
    for (const answer of byId) expectError(answer, 'lock_not_found');
    const status = await client.get(`/locks/${inside}`);
    expect(status.body).toMatchObject({ status: 'held', lease_id: null });
    expect(JSON.stringify([...answers, ...byId, status].map(({ body }) => body))).not.toContain(outside);
    await expectAlive(lease_id);
  });

  test('inside of the scopes are its own, whichever token acquired them', async () => {
    const { client } = await make(suite.alice, BILLING);
    const name = billing();
    const lease_id = await leaseOf(name);
    expect((await client.get(`/locks/${name}`)).body).toMatchObject({ lease_id });
    expect((await client.get(`/leases/${lease_id}`)).status).toBe(200);
    expect((await client.post(`/locks/${name}/release`, { lease_id })).status).toBe(200);
  });

  test('cannot be released with a scope that only observes', async () => {
    const { client } = await make(suite.alice, [{ may: ['observe'], on: ['billing/*'] }]);
    const name = billing();
    const lease_id = await leaseOf(name);
    expect((await client.get(`/locks/${name}`)).body).toMatchObject({ status: 'held', lease_id: null });
    expectError(await client.post(`/locks/${name}/release`, { lease_id }), 'forbidden');
    await expectAlive(lease_id);
  });

  test('that were broken are not shown outside of the scopes', async () => {
    const { client } = await make(suite.alice, BILLING);
    const name = elsewhere();
    const lease_id = await leaseOf(name);
    await suite.operator.post(`/locks/${name}/break`, { reason: 'a secret' });
    expectError(await client.get(`/leases/${lease_id}`), 'lock_not_found');
    expectError(await client.delete(`/leases/${lease_id}`), 'lock_not_found');
    expectError(await suite.alice.get(`/leases/${lease_id}`), 'lease_broken');
  });

  test('cannot be acquired together if one is outside of the scopes', async () => {
    const { client } = await make(suite.alice, BILLING);
    const locks = [{ name: billing() }, { name: elsewhere() }];
    expectError(await client.post('/leases', { ttl_seconds: 60, locks }), 'forbidden');
  });
});

test('a place in line outside of the scopes cannot be left, nor one that is only partly inside', async () => {
  const { client } = await make(suite.alice, BILLING);
  const [inside, outside] = [billing(), elsewhere()];
  await acquire(suite.bob, inside);
  const lease_id = newLeaseId();
  const locks = [{ name: inside }, { name: outside }];
  const waiting = suite.alice.post('/leases', { ttl_seconds: 60, locks, lease_id, wait_seconds: 60 });
  await expect.poll(async () => (await suite.alice.get(`/locks/${inside}`)).body['waiters']).toBe(1);
  expectError(await client.delete(`/queues/${outside}/${lease_id}`), 'forbidden');
  expectError(await client.delete(`/queues/${inside}/${lease_id}`), 'forbidden');
  const queue = (await client.get(`/queues/${inside}`)).body['queue'];
  expect(queue).toMatchObject([{ lease_id: null }]);
  expect((await suite.alice.delete(`/queues/${inside}/${lease_id}`)).status).toBe(200);
  await waiting;
});

describe('sessions', () => {
  test('of other tokens do not exist for a token with scopes', async () => {
    const { client } = await make(suite.alice, BILLING);
    const others = [
      await openSession(suite.alice),
      await openSession((await make(suite.alice, BILLING)).client),
    ];
    for (const id of others) {
      expectError(await client.get(`/sessions/${id}`), 'session_not_found');
      expectError(await client.post(`/sessions/${id}/keepalive`), 'session_not_found');
      expectError(await client.delete(`/sessions/${id}`), 'session_not_found');
      expect((await suite.alice.get(`/sessions/${id}`)).status).toBe(200);
    }
  });

  test('that it opened are its own, also after a rotation, and a token without scopes has them too', async () => {
    const { client } = await make(suite.alice, BILLING);
    const id = await openSession(client);
    expect((await suite.alice.post(`/sessions/${id}/keepalive`)).status).toBe(200);
    const rotated = suite.alice.as(String((await client.post('/auth/token/rotate')).body['token']));
    expect((await rotated.post(`/sessions/${id}/keepalive`)).status).toBe(200);
    expect((await rotated.delete(`/sessions/${id}`)).status).toBe(204);
  });

  test('that it opened hold nothing outside of its scopes, whichever token asks', async () => {
    const { client } = await make(suite.alice, BILLING);
    const session_id = await openSession(client);
    const body = { ttl_seconds: 60, session_id };
    const refused = await suite.alice.post(`/locks/${elsewhere()}/acquire`, body);
    expectError(refused, 'forbidden');
    expect(refused.body['details']).toContain('The session was opened with a token whose scopes');
    expect((await suite.alice.post(`/locks/${billing()}/acquire`, body)).status).toBe(200);
  });

  test('of other tokens may hold what its scopes include, and nothing else', async () => {
    const { client } = await make(suite.alice, BILLING);
    const session_id = await openSession(suite.alice);
    const body = { ttl_seconds: 60, session_id };
    expect((await client.post(`/locks/${billing()}/acquire`, body)).status).toBe(200);
    expectError(await client.post(`/locks/${elsewhere()}/acquire`, body), 'forbidden');
  });

  test('of a token that has ended get no more leases, and only a token without scopes keeps them', async () => {
    const { id, client } = await make(suite.alice, BILLING);
    const successor = await make(suite.alice, BILLING);
    const session_id = await openSession(client);
    await suite.alice.delete(`/tokens/${id}`);
    const name = billing();
    const body = { ttl_seconds: 60, session_id };
    expectError(await suite.alice.post(`/locks/${name}/acquire`, body), 'forbidden');
    expectError(await successor.client.post(`/sessions/${session_id}/keepalive`), 'session_not_found');
    expect((await suite.alice.post(`/sessions/${session_id}/keepalive`)).status).toBe(200);
  });
});

describe('webhooks', () => {
  const url = 'https://receiver.example/hook';

  async function webhooksOf(client: CheckedClient): Promise<{ id: string }[]> {
    return (await client.get('/webhooks')).body as unknown as { id: string }[];
  }

  async function makeWebhook(client: CheckedClient): Promise<string> {
    const made = await client.post('/webhooks', { url });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return String(made.body['id']);
  }

  test('of other tokens do not exist for a token with scopes', async () => {
    const { client } = await make(suite.alice, BILLING);
    const others = [
      await makeWebhook(suite.alice),
      await makeWebhook((await make(suite.alice, BILLING)).client),
    ];
    expect(await webhooksOf(client)).toEqual([]);
    for (const id of others) {
      expectError(await client.delete(`/webhooks/${id}`), 'webhook_not_found');
      expectError(await client.post(`/webhooks/${id}/test`), 'webhook_not_found');
      expectError(await client.get(`/webhooks/${id}/deliveries`), 'webhook_not_found');
      expect((await suite.alice.delete(`/webhooks/${id}`)).status).toBe(204);
    }
  });

  test('are suspended for good when the token with scopes that made them ends, and not by a rotation', async () => {
    const { id: tokenId, client } = await make(suite.alice, BILLING);
    const id = await makeWebhook(client);
    const rotated = suite.alice.as(String((await client.post('/auth/token/rotate')).body['token']));
    expect(await webhooksOf(rotated)).toMatchObject([{ id, active: true }]);
    await suite.alice.delete(`/tokens/${tokenId}`);
    const shown = async (): Promise<unknown> =>
      (await webhooksOf(suite.alice)).find((webhook) => webhook.id === id);
    await expect.poll(shown).toMatchObject({ active: false, suspended_by: 'no_valid_token' });
    await make(suite.alice, BILLING);
    await suite.operator.post(`/admin/webhooks/${id}/resume`);
    expect(await shown()).toMatchObject({ active: false, suspended_by: 'no_valid_token' });
  });
});

test('an open stream and a waiting request end with the token', async () => {
  const { id, client } = await make(suite.alice, BILLING);
  const name = billing();
  await acquire(suite.bob, name);
  const waiting = client.post(`/locks/${name}/acquire`, { ttl_seconds: 60, wait_seconds: 60 });
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(1);
  await suite.alice.delete(`/tokens/${id}`);
  expectError(await waiting, 'unauthorized');
  await expect.poll(async () => (await suite.alice.get(`/locks/${name}`)).body['waiters']).toBe(0);
});

test('a stream of many locks shows those that the scopes include', async () => {
  const { client } = await make(suite.alice, BILLING);
  const made = await client.post('/auth/token/rotate');
  const gone = new AbortController();
  const response = await fetch(`${suite.server.url}/watch`, {
    headers: { authorization: `Bearer ${String(made.body['token'])}` },
    signal: gone.signal,
  });
  const [outside, inside] = [elsewhere(), billing()];
  await acquire(suite.alice.as(BOB), outside);
  await acquire(suite.alice.as(BOB), inside);
  let seen = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    seen += decoder.decode(chunk as Uint8Array, { stream: true });
    if (seen.includes(inside)) break;
  }
  gone.abort();
  expect(seen).not.toContain('search/');
});
