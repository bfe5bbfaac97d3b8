import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { sharedCertificate, status, WebhookReceiver } from '../../support/webhook-receiver.js';
import type { CheckedClient } from '../../support/schema-client.js';
import { acquire, expectError, useServer } from '../suite.js';

const suite = useServer({
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});

/** A new user with a token and a webhook to the receiver. */
async function userWithWebhook(
  receiver: WebhookReceiver,
): Promise<{ user: string; client: CheckedClient; id: string }> {
  const user = `user-${randomUUID().slice(0, 8)}`;
  const client = await signIn(user);
  const { body } = await client.post('/webhooks', { url: receiver.url(), secret: 'a secret of theirs' });
  return { user, client, id: String(body['id']) };
}

async function signIn(user: string): Promise<CheckedClient> {
  const { body } = await suite.operator.post('/admin/tokens', { user });
  return suite.alice.as(String(body['token']));
}

async function webhooksOf(query: string): Promise<Record<string, unknown>[]> {
  const { status: code, body } = await suite.operator.get(`/admin/webhooks${query}`);
  expect(code).toBe(200);
  return body['webhooks'] as Record<string, unknown>[];
}

async function untilShown(user: string, facts: Record<string, unknown>): Promise<void> {
  await expect.poll(() => webhooksOf(`?user=${user}`)).toMatchObject([facts]);
}

const SUSPENDED = { status: 'suspended', active: false, suspended_by: 'no_valid_token' };

describe('the webhooks of a user', () => {
  test.each([
    [
      'whose tokens have all been revoked',
      async (user: string) => suite.operator.delete(`/admin/tokens?user=${user}`),
    ],
    [
      'whose last token has been revoked',
      async (user: string) => {
        const { body } = await suite.operator.get(`/admin/tokens?user=${user}`);
        const [token] = body['tokens'] as { id: string }[];
        return suite.operator.delete(`/admin/tokens/${token?.id}`);
      },
    ],
  ])('%s are suspended until there is a token again', async (_, revoke) => {
    const receiver = await WebhookReceiver.start();
    const { user, id } = await userWithWebhook(receiver);
    await acquire(suite.bob);
    await receiver.receives(1);
    await revoke(user);
    expect(await webhooksOf(`?user=${user}`)).toMatchObject([{ id, ...SUSPENDED }]);
    await acquire(suite.bob);
    const client = await signIn(user);
    await untilShown(user, { id, status: 'active', active: true, suspended_by: null });
    const { token } = await acquire(suite.bob);
    const messages = await receiver.receives(2);
    expect(JSON.parse(messages[1]?.body ?? '')).toMatchObject({ fencing_token: token });
    await client.delete(`/webhooks/${id}`);
  });

  test('stay active when the user rotates the only token', async () => {
    const receiver = await WebhookReceiver.start();
    const { user, client, id } = await userWithWebhook(receiver);
    expect((await client.post('/auth/token/rotate')).status).toBe(200);
    expect(await webhooksOf(`?user=${user}`)).toMatchObject([{ id, status: 'active' }]);
    await suite.operator.delete(`/admin/webhooks/${id}`);
  });
});

describe('an operator', () => {
  test('suspends and resumes a webhook, and a sign-in does not resume it', async () => {
    const receiver = await WebhookReceiver.start();
    const { user, client, id } = await userWithWebhook(receiver);
    const suspended = await suite.operator.post(`/admin/webhooks/${id}/suspend`);
    expect(suspended.status).toBe(200);
    expect(suspended.body).toMatchObject({
      id,
      user: `local:${user}`,
      status: 'suspended',
      suspended_by: 'operator',
    });
    await signIn(user);
    expect((await client.get('/webhooks')).body).toMatchObject([{ id, status: 'suspended', active: false }]);
    await acquire(suite.bob);
    expectError(await client.post(`/webhooks/${id}/test`), 'webhook_suspended');
    const again = await suite.operator.post(`/admin/webhooks/${id}/suspend`);
    expect(again.body).toMatchObject({ suspended_by: 'operator' });
    const resumed = await suite.operator.post(`/admin/webhooks/${id}/resume`);
    expect(resumed.body).toMatchObject({ status: 'active', suspended_by: null });
    const { token } = await acquire(suite.bob);
    const [message] = await receiver.receives(1);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({ fencing_token: token });
    await client.delete(`/webhooks/${id}`);
  });

  test('cannot resume a webhook whose owner has no token', async () => {
    const receiver = await WebhookReceiver.start();
    const { user, id } = await userWithWebhook(receiver);
    await suite.operator.post(`/admin/webhooks/${id}/suspend`);
    await suite.operator.delete(`/admin/tokens?user=${user}`);
    const { body } = await suite.operator.post(`/admin/webhooks/${id}/resume`);
    expect(body).toMatchObject(SUSPENDED);
    await suite.operator.delete(`/admin/webhooks/${id}`);
  });

  test('deletes a webhook of another user', async () => {
    const receiver = await WebhookReceiver.start();
    const { user, id } = await userWithWebhook(receiver);
    expect((await suite.operator.delete(`/admin/webhooks/${id}`)).status).toBe(204);
    expect(await webhooksOf(`?user=${user}`)).toEqual([]);
    expectError(await suite.operator.delete(`/admin/webhooks/${id}`), 'webhook_not_found');
  });

  test('cannot suspend a disabled webhook, nor one that does not exist', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(410);
    const { user, id } = await userWithWebhook(receiver);
    await acquire(suite.bob);
    await untilShown(user, { status: 'disabled' });
    for (const verb of ['suspend', 'resume']) {
      expectError(await suite.operator.post(`/admin/webhooks/${id}/${verb}`), 'webhook_disabled');
      expectError(await suite.operator.post(`/admin/webhooks/${randomUUID()}/${verb}`), 'webhook_not_found');
      expectError(await suite.operator.post(`/admin/webhooks/nonsense/${verb}`), 'webhook_not_found');
    }
    await suite.operator.delete(`/admin/webhooks/${id}`);
  });

  test('pages through all of them, oldest first, without their secrets', async () => {
    const receiver = await WebhookReceiver.start();
    const made: string[] = [];
    for (let count = 0; count < 5; count += 1) made.push((await userWithWebhook(receiver)).id);
    const seen: { id: string; created_at: string }[] = [];
    let query = '?limit=2';
    for (;;) {
      const { body } = await suite.operator.get(`/admin/webhooks${query}`);
      expect(JSON.stringify(body)).not.toContain('a secret of theirs');
      seen.push(...(body['webhooks'] as { id: string; created_at: string }[]));
      if (body['next_cursor'] === null) break;
      query = `?limit=2&cursor=${JSON.stringify(body['next_cursor']).slice(1, -1)}`;
    }
    expect(seen.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
    const times = seen.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted());
    for (const id of made) await suite.operator.delete(`/admin/webhooks/${id}`);
  });

  test.each(['?limit=0', '?limit=1001', '?cursor=x', '?cursor=', '?user=a,b', '?owner=me'])(
    'learns what is wrong with the query %s',
    async (query) => {
      expectError(await suite.operator.get(`/admin/webhooks${query}`), 'validation_failed');
    },
  );

  test('needs admin rights', async () => {
    expectError(await suite.alice.get('/admin/webhooks'), 'admin_required');
  });
});

describe('an example event', () => {
  test('is signed, and the answer shows its outcome', async () => {
    const receiver = await WebhookReceiver.start();
    const { client, id } = await userWithWebhook(receiver);
    const reply = await client.post(`/webhooks/${id}/test`);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ delivered: true, status: 204, error: null });
    const [message] = await receiver.receives(1);
    expect(message?.headers['webhook-id']).toBe(reply.body['id']);
    const secret = Buffer.from('a secret of theirs').toString('base64');
    const verified = new Webhook(secret).verify(
      message?.body ?? '',
      message?.headers as Record<string, string>,
    );
    expect(verified).toMatchObject({ event: 'test', sequence: 0 });
    const { body } = await client.get(`/webhooks/${id}/deliveries`);
    expect(body['deliveries']).toEqual([]);
    receiver.answer = status(403);
    const refused = await client.post(`/webhooks/${id}/test`);
    expect(refused.body).toMatchObject({ delivered: false, status: 403, error: 'status' });
    expectError(await suite.bob.post(`/webhooks/${id}/test`), 'webhook_not_found');
    await client.delete(`/webhooks/${id}`);
  });

  test('is limited to ten requests a minute', async () => {
    const receiver = await WebhookReceiver.start();
    const { client, id } = await userWithWebhook(receiver);
    const replies = await Promise.all(Array.from({ length: 12 }, () => client.post(`/webhooks/${id}/test`)));
    expect(replies.filter(({ status: code }) => code === 200)).toHaveLength(10);
    for (const reply of replies.filter(({ status: code }) => code !== 200))
      expectError(reply, 'rate_limited');
    await client.delete(`/webhooks/${id}`);
  });
});

test('a pending delivery is skipped over HTTP', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(400);
  const { client, id } = await userWithWebhook(receiver);
  await acquire(suite.bob);
  await receiver.receives(1);
  const { body } = await client.get(`/webhooks/${id}/deliveries`);
  const [delivery] = body['deliveries'] as { id: string }[];
  const path = `/webhooks/${id}/deliveries/${delivery?.id}/skip`;
  expectError(await suite.bob.post(path), 'webhook_not_found');
  const reply = await client.post(path);
  expect(reply.status).toBe(200);
  expect(reply.body).toMatchObject({ id: delivery?.id, state: 'dead', dead_reason: 'skipped' });
  expectError(await client.post(path), 'delivery_not_pending');
  await client.delete(`/webhooks/${id}`);
});
