import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TokenTimesJob } from '../../../src/auth/tokens/token-times.job.js';
import { ManualClock } from '../../support/manual-clock.js';
import { CheckedClient } from '../../support/schema-client.js';
import { ADMIN_KEY, ALICE, startServer } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { testFolder } from '../../support/temp-folder.js';
import { acquire, expectError, newName, openSession, useServer } from '../suite.js';

const suite = useServer({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' });

let made = 0;

/** A new service account of Alice's. */
async function newService(...owners: string[]): Promise<string> {
  const name = `robot-${(made += 1)}`;
  await create(suite.operator, name, owners.length === 0 ? ['static:alice'] : owners);
  return name;
}

async function create(operator: CheckedClient, name: string, owners: readonly string[]): Promise<void> {
  expect((await operator.post('/admin/service-accounts', { name, owners })).status).toBe(201);
}

async function newToken(
  owner: CheckedClient,
  name: string,
  body: object = {},
): Promise<{ id: string; token: string }> {
  const reply = await owner.post(`/service-accounts/${name}/tokens`, { label: 'deploy', ...body });
  expect(reply.status).toBe(201);
  expect(reply.headers.get('cache-control')).toBe('no-store');
  return { id: String(reply.body['id']), token: String(reply.body['token']) };
}

async function adminView(name: string): Promise<unknown> {
  const { body } = await suite.operator.get('/admin/service-accounts');
  return (body['service_accounts'] as { name: string }[]).find((service) => service.name === name);
}

describe('a service account', () => {
  test('is made by administrators, and seen by them and its owners', async () => {
    const name = await newService('static:alice');
    const expected = {
      name,
      user: `service:${name}`,
      owners: [{ user: 'static:alice', has_token: true }],
      has_active_owner: true,
    };
    expect(await adminView(name)).toMatchObject(expected);
    const { body } = await suite.alice.get('/service-accounts');
    expect(body['service_accounts']).toContainEqual(expect.objectContaining({ name }));
    expect((await suite.bob.get('/service-accounts')).body).toEqual({ service_accounts: [] });
    expectError(await suite.bob.get(`/service-accounts/${name}/tokens`), 'service_account_not_found');
    expectError(await suite.alice.get('/service-accounts/none/tokens'), 'service_account_not_found');
  });

  test('acts with the tokens that its owners make', async () => {
    const name = await newService();
    const { id, token } = await newToken(suite.alice, name);
    const robot = suite.alice.as(token);
    expect((await robot.get('/me')).body).toMatchObject({
      user: `service:${name}`,
      login: name,
      is_administrator: false,
      token: { id, label: 'deploy' },
    });
    const lock = newName();
    await acquire(robot, lock);
    expect((await suite.bob.get(`/locks/${lock}`)).body).toMatchObject({ holder: name });
    const { body } = await suite.alice.get(`/service-accounts/${name}/tokens`);
    expect(body['tokens']).toMatchObject([{ id, label: 'deploy', user: `service:${name}` }]);
    expect((await suite.operator.get(`/admin/tokens?user=service:${name}`)).body).toEqual(body);
    expect((await suite.alice.delete(`/service-accounts/${name}/tokens/${id}`)).status).toBe(204);
    expectError(await robot.get('/me'), 'unauthorized');
    expectError(await suite.alice.delete(`/service-accounts/${name}/tokens/${id}`), 'token_not_found');
  });

  test('has no tokens that its owners did not make', async () => {
    const name = await newService();
    const { token } = await newToken(suite.alice, name);
    const robot = suite.alice.as(token);
    expectError(await robot.post('/tokens', { label: 'more' }), 'forbidden');
    expectError(
      await robot.post(`/service-accounts/${name}/tokens`, { label: 'x' }),
      'service_account_not_found',
    );
    expectError(
      await robot.call('PUT', `/admin/service-accounts/${name}/owners`, { body: { owners: ['bob'] } }),
      'admin_required',
    );
    const rotated = await robot.post('/auth/token/rotate');
    expect((await suite.alice.as(String(rotated.body['token'])).get('/me')).status).toBe(200);
    const other = await newService('static:bob');
    expectError(
      await suite.alice.post(`/service-accounts/${other}/tokens`, { label: 'x' }),
      'service_account_not_found',
    );
  });

  test('has owners that administrators replace, and its tokens stay', async () => {
    const name = await newService();
    const { token } = await newToken(suite.alice, name);
    const path = `/admin/service-accounts/${name}/owners`;
    const changed = await suite.operator.call('PUT', path, { body: { owners: ['static:bob', 'bob'] } });
    expect(changed.body['owners']).toMatchObject([{ user: 'static:bob' }]);
    expectError(await suite.alice.get(`/service-accounts/${name}/tokens`), 'service_account_not_found');
    expect((await suite.bob.get(`/service-accounts/${name}/tokens`)).body['tokens']).toHaveLength(1);
    expect((await suite.alice.as(token).get('/me')).status).toBe(200);
    expectError(await suite.operator.call('PUT', path, { body: { owners: [] } }), 'validation_failed');
    expectError(
      await suite.operator.call('PUT', path, { body: { owners: ['github:nobody'] } }),
      'user_not_found',
    );
    expectError(
      await suite.operator.call('PUT', path, { body: { owners: [`service:${name}`] } }),
      'owner_not_allowed',
    );
    expectError(
      await suite.operator.call('PUT', '/admin/service-accounts/none/owners', { body: { owners: ['bob'] } }),
      'service_account_not_found',
    );
  });

  test('goes on working when no owner has a token, which administrators see', async () => {
    const { body } = await suite.operator.post('/admin/tokens', { user: 'leaver' });
    const leaver = suite.alice.as(String(body['token']));
    const name = await newService('local:leaver');
    const { token } = await newToken(leaver, name);
    await suite.operator.delete('/admin/tokens?user=leaver');
    expect((await suite.alice.as(token).get('/me')).status).toBe(200);
    expect(await adminView(name)).toMatchObject({
      owners: [{ user: 'local:leaver', has_token: false }],
      has_active_owner: false,
    });
    const byAdministrator = await suite.operator.post('/admin/tokens', { user: `service:${name}` });
    expect(byAdministrator.body).toMatchObject({ user: `service:${name}` });
  });

  test.each([
    [{ name: 'CI' }],
    [{ name: '../x' }],
    [{ name: '' }],
    [{ name: 'a'.repeat(101) }],
    [{ name: 'fine', owners: [] }],
    [{ name: 'fine', owners: Array.from({ length: 21 }, () => 'static:alice') }],
    [{ name: 'fine', owners: 'static:alice' }],
    [{ name: 'fine', owners: ['two words'] }],
  ])('is not created from %j', async (body) => {
    const sent = { owners: ['static:alice'], ...body };
    expectError(await suite.operator.post('/admin/service-accounts', sent), 'validation_failed');
  });

  test('is not created twice, nor by naming it', async () => {
    const name = await newService();
    const again = { name, owners: ['static:bob'] };
    expectError(await suite.operator.post('/admin/service-accounts', again), 'service_account_exists');
    expectError(await suite.operator.post('/admin/tokens', { user: 'service:never' }), 'user_not_found');
  });

  test('is a subject of policies', async () => {
    const name = await newService();
    const robot = suite.alice.as((await newToken(suite.alice, name)).token);
    const text = `grants:\n  - { to: ["service:${name}"], may: [acquire], on: [deploy/*] }`;
    const checked = await suite.operator.post('/admin/policy/check', { text });
    expect(checked.body).toMatchObject({ valid: true, warnings: [] });
    const applied = await suite.operator.call('PUT', '/admin/policy', {
      body: { text },
      headers: { 'if-match': '*' },
    });
    expect(applied.status).toBe(200);
    await acquire(robot, `deploy/${newName()}`);
    expectError(await robot.post(`/locks/${newName()}/acquire`, { ttl_seconds: 60 }), 'forbidden');
    const why = await suite.operator.get(
      `/admin/policy/why?user=service:${name}&action=acquire&lock=deploy/x`,
    );
    expect(why.body).toMatchObject({ allowed: true });
    await suite.operator.delete('/admin/policy', { headers: { 'if-match': '*' } });
  });
});

describe('deleting a service account', () => {
  test('ends its tokens, with what waits for them, and its webhooks', async () => {
    const name = await newService();
    const { token } = await newToken(suite.alice, name);
    const robot = suite.alice.as(token);
    const lock = newName();
    await acquire(suite.bob, lock);
    const { name: kept } = await acquire(robot);
    await openSession(robot);
    await robot.post('/webhooks', { url: 'https://127.0.0.1:1/hook' });
    const stream = await SseStream.open(`${suite.server.url}/watch`, { token });
    const waiting = robot.post(`/locks/${lock}/acquire`, { ttl_seconds: 60, wait_seconds: 30 });
    await expect.poll(async () => (await suite.bob.get(`/locks/${lock}`)).body['waiters']).toBe(1);

    expect((await suite.operator.delete(`/admin/service-accounts/${name}`)).status).toBe(204);
    expectError(await waiting, 'unauthorized');
    await stream.ended;
    expectError(await robot.get('/me'), 'unauthorized');
    const { body } = await suite.operator.get('/admin/webhooks');
    expect(body['webhooks']).toEqual([]);
    expect(await adminView(name)).toBeUndefined();
    // The program may still be at work, so its lock stays held until its lease expires.
    expect((await suite.bob.get(`/locks/${kept}`)).body).toMatchObject({ holder: `${name} (deleted)` });
    expectError(await suite.operator.delete(`/admin/service-accounts/${name}`), 'service_account_not_found');
  });

  test('frees its name, and the next account with it has nothing of the last one', async () => {
    const name = await newService();
    const robot = suite.alice.as((await newToken(suite.alice, name)).token);
    const { name: lock, leaseId } = await acquire(robot);
    await suite.operator.delete(`/admin/service-accounts/${name}`);
    await create(suite.operator, name, ['static:bob']);
    const next = suite.alice.as((await newToken(suite.bob, name)).token);
    expectError(await next.post(`/locks/${lock}/release`, { lease_id: leaseId }), 'lock_not_found');
    expectError(await suite.alice.get(`/service-accounts/${name}/tokens`), 'service_account_not_found');
  });
});

test('a token of a service account lasts no longer than the one that made it', async () => {
  const clock = new ManualClock();
  const server = await startServer({}, clock);
  const operator = new CheckedClient(server.url, ADMIN_KEY);
  const alice = new CheckedClient(server.url, ALICE);
  await create(operator, 'ci', ['static:alice']);
  const short = await alice.post('/tokens', { label: 'short', expires_in_seconds: 3600 });
  const owner = alice.as(String(short.body['token']));
  const longer = { label: 'longer', expires_in_seconds: 3601 };
  expectError(await owner.post('/service-accounts/ci/tokens', longer), 'forbidden');
  const { token } = await newToken(owner, 'ci');
  clock.advance(3_600_000);
  await server.app.get(TokenTimesJob).endExpired();
  expectError(await alice.as(token).get('/me'), 'token_expired');
  await server.close();
});

test('after a restart everything is as before, and the name of a deleted account is free', async () => {
  const DATABASE_URL = join(testFolder(), 'octostore.db');
  const environment = { DATABASE_URL, WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1' };
  const before = await startServer(environment);
  await create(new CheckedClient(before.url, ADMIN_KEY), 'ci', ['static:alice']);
  const { token } = await newToken(new CheckedClient(before.url, ALICE), 'ci');
  await create(new CheckedClient(before.url, ADMIN_KEY), 'gone', ['static:alice']);
  await new CheckedClient(before.url, ADMIN_KEY).delete('/admin/service-accounts/gone');
  await before.close();

  const after = await startServer(environment);
  const alice = new CheckedClient(after.url, ALICE);
  expect((await alice.as(token).get('/me')).body).toMatchObject({ user: 'service:ci' });
  const { body } = await alice.get('/service-accounts');
  expect(body['service_accounts']).toMatchObject([{ name: 'ci', owners: [{ user: 'static:alice' }] }]);
  await create(alice.as(ADMIN_KEY), 'gone', ['static:alice']);
  await after.close();
});
