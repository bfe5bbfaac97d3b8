import { describe, expect, test } from 'vitest';
import { ALICE } from '../../support/server.js';
import type { Reply } from '../../../lab/kit/http/client.js';
import { EVENT_FILTERS } from '../../../src/events/event-types.js';
import { expectError, useServer } from '../suite.js';

const suite = useServer({ WEBHOOK_ALLOW_PRIVATE_NETWORKS: 'false' });

const URL = 'https://hooks.example.com/octostore';

async function removeAll(): Promise<void> {
  const { body } = await suite.alice.get('/webhooks');
  for (const { id } of body as unknown as { id: string }[]) await suite.alice.delete(`/webhooks/${id}`);
}

/** Checks that a webhook is refused with this code and not created. */
async function expectRefusal(code: Parameters<typeof expectError>[1], body: unknown): Promise<Reply> {
  const before = await suite.alice.get('/webhooks');
  const reply = await suite.alice.post('/webhooks', body);
  expectError(reply, code);
  expect((await suite.alice.get('/webhooks')).body).toEqual(before.body);
  return reply;
}

describe('201', () => {
  test('with all fields', async () => {
    const reply = await suite.alice.post('/webhooks', {
      url: URL,
      secret: 'my-secret-key',
      events: ['acquired', 'released'],
      lock_pattern: 'service/*',
    });
    expect(reply.status).toBe(201);
    expect(reply.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      user_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      url: URL,
      secret: '****',
      events: ['acquired', 'released'],
      lock_pattern: 'service/*',
      created_at: expect.stringMatching(/Z$/) as unknown,
      ordering: 'in_order',
      status: 'active',
      active: true,
      suspended_by: null,
      disabled_reason: null,
    });
    await removeAll();
  });

  test('with a URL only', async () => {
    const { status, body } = await suite.alice.post('/webhooks', { url: URL });
    expect(status).toBe(201);
    expect(body).toMatchObject({ secret: null, events: ['*'], lock_pattern: null });
    await removeAll();
  });

  test('with null for every option', async () => {
    const request = { url: URL, secret: null, events: null, lock_pattern: null, ordering: null };
    const { status, body } = await suite.alice.post('/webhooks', request);
    expect(status).toBe(201);
    expect(body).toMatchObject({ secret: null, events: ['*'], lock_pattern: null, ordering: 'in_order' });
    await removeAll();
  });

  test('without an order', async () => {
    const { body } = await suite.alice.post('/webhooks', { url: URL, ordering: 'none' });
    expect(body).toMatchObject({ ordering: 'none' });
    await removeAll();
  });
});

describe('400', () => {
  test.each([
    'http://hooks.example.com/',
    'hooks.example.com',
    '',
    'https://user:password@hooks.example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/',
    'https://localhost/',
    `https://hooks.example.com/${'a'.repeat(2_048)}`,
  ])('for the URL %s', async (url) => {
    const { body } = await expectRefusal('webhook_url_invalid', { url });
    expect(String(body['details'])).toMatch(/URL|host/);
    expect(JSON.stringify(body)).not.toContain('password');
  });

  test('for the eleventh, even if many arrive at the same time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => suite.bob.post('/webhooks', { url: URL })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(10);
    for (const reply of replies.filter(({ status }) => status !== 201))
      expectError(reply, 'webhook_limit_exceeded');
    const { body } = await suite.bob.get('/webhooks');
    expect(body).toHaveLength(10);
    expect((await suite.alice.post('/webhooks', { url: URL })).status).toBe(201);
    const [first] = body as unknown as { id: string }[];
    await suite.bob.delete(`/webhooks/${first?.id}`);
    expect((await suite.bob.post('/webhooks', { url: URL })).status).toBe(201);
    await removeAll();
  });

  test('for invalid JSON', async () => {
    await expectRefusal('malformed_json', '{"url":');
  });
});

describe('401', () => {
  test('without a token', async () => {
    expectError(await suite.nobody.post('/webhooks', { url: URL }), 'unauthorized');
  });
});

describe('422', () => {
  test.each([
    {},
    { url: 7 },
    { url: null },
    { url: URL, secret: '' },
    { url: URL, secret: 'x'.repeat(257) },
    { url: URL, secret: 7 },
    { url: URL, secret: 'whsec_' },
    { url: URL, secret: 'whsec_not base64' },
    { url: URL, events: [] },
    { url: URL, events: 'acquired' },
    { url: URL, events: ['stolen'] },
    { url: URL, events: Array<string>(EVENT_FILTERS.length + 1).fill('acquired') },
    { url: URL, lock_pattern: '' },
    { url: URL, lock_pattern: '[a-z]' },
    { url: URL, lock_pattern: 'a b' },
    { url: URL, lock_pattern: 'a'.repeat(257) },
    { url: URL, pattern: 'a' },
    { url: URL, ordering: 'strict' },
    { url: URL, ordering: 1 },
  ])('for %j', async (request) => {
    await expectRefusal('validation_failed', request);
  });
});

test('a repeated event type counts once', async () => {
  const request = { url: URL, events: ['released', 'acquired', 'released'] };
  const { status, body } = await suite.alice.post('/webhooks', request);
  expect(status).toBe(201);
  expect(body['events']).toEqual(['released', 'acquired']);
});

test('a secret is never shown again', async () => {
  const secret = 'a-secret-that-nobody-shows';
  const created = await suite.alice.post('/webhooks', { url: URL, secret });
  const listed = await suite.alice.get('/webhooks');
  expect(JSON.stringify([created.body, listed.body])).not.toContain(secret);
  expect(JSON.stringify(created.body)).not.toContain(ALICE);
  await removeAll();
});
