import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DeliveryResponse } from '../../../src/webhooks/delivery/delivery.dto.js';
import { sharedCertificate, status, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { acquire, expectError, newLeaseId, newName, useServer } from '../suite.js';

const suite = useServer({
  WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1',
  WEBHOOK_CA_FILE: sharedCertificate().caFile,
});

async function webhookTo(receiver: WebhookReceiver, options: Record<string, unknown> = {}): Promise<string> {
  const { status: code, body } = await suite.alice.post('/webhooks', { url: receiver.url(), ...options });
  expect(code).toBe(201);
  return String(body['id']);
}

async function deliveriesOf(id: string, query = ''): Promise<DeliveryResponse[]> {
  const { body } = await suite.alice.get(`/webhooks/${id}/deliveries${query}`);
  return body['deliveries'] as DeliveryResponse[];
}

describe('a webhook over HTTP', () => {
  test('receives the events of a lock, and shows the outcome of each delivery', async () => {
    const receiver = await WebhookReceiver.start();
    const name = newName('service/leader');
    const id = await webhookTo(receiver, { lock_pattern: name });
    const { leaseId, token } = await acquire(suite.bob, name, { metadata: 'eu-1' });
    await suite.bob.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
    await suite.bob.post(`/locks/${name}/release`, { lease_id: leaseId });
    const messages = await receiver.receives(3);
    expect(messages.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { event: 'acquired', lock: name, fencing_token: token, metadata: 'eu-1' },
      { event: 'renewed', lock: name, fencing_token: token },
      { event: 'released', lock: name, holder_id: null, fencing_token: null },
    ]);
    expect(messages.map(({ body }) => body).join()).not.toContain(leaseId);
    await expect
      .poll(async () => (await deliveriesOf(id)).map(({ state }) => state))
      .toEqual(Array(3).fill('delivered'));
    const [latest] = await deliveriesOf(id, '?limit=1');
    expect(latest).toMatchObject({
      webhook_id: id,
      payload: { event: 'released' },
      attempts: [{ status: 204, error: null }],
    });
    await suite.alice.delete(`/webhooks/${id}`);
  });

  test('pages by sequence', async () => {
    const receiver = await WebhookReceiver.start();
    const id = await webhookTo(receiver);
    for (let count = 0; count < 5; count += 1) await acquire(suite.bob);
    await receiver.receives(5);
    const seen: number[] = [];
    let query = '?limit=2';
    for (;;) {
      const { body } = await suite.alice.get(`/webhooks/${id}/deliveries${query}`);
      seen.push(...(body['deliveries'] as DeliveryResponse[]).map(({ payload }) => payload.sequence));
      if (body['next_before'] === null) break;
      query = `?limit=2&before=${JSON.stringify(body['next_before'])}`;
    }
    expect(seen).toEqual(receiver.sequences.toReversed());
    await suite.alice.delete(`/webhooks/${id}`);
  });

  test('repeats a delivery on demand', async () => {
    const receiver = await WebhookReceiver.start();
    const id = await webhookTo(receiver);
    await acquire(suite.bob);
    await receiver.receives(1);
    const [delivery] = await deliveriesOf(id);
    const path = `/webhooks/${id}/deliveries/${delivery?.id}/redeliver`;
    const reply = await suite.alice.post(path);
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({ id: delivery?.id, webhook_id: id });
    await receiver.receives(2);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(delivery?.id);
    expect(second?.body).toBe(first?.body);
    expectError(await suite.bob.post(path), 'webhook_not_found');
    expectError(await suite.nobody.post(path), 'unauthorized');
    await suite.alice.delete(`/webhooks/${id}`);
    expectError(await suite.alice.post(path), 'webhook_not_found');
  });

  test('that is gone is shown as disabled, and refuses to repeat anything', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(410);
    const id = await webhookTo(receiver);
    await acquire(suite.bob);
    await expect.poll(async () => (await deliveriesOf(id))[0]?.state).toBe('dead');
    receiver.answer = succeed;
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({
      dead_reason: 'webhook_disabled',
      attempts: [{ status: 410, error: 'status' }],
    });
    const { body } = await suite.alice.get('/webhooks');
    expect(body).toMatchObject([{ id, active: false, disabled_reason: 'The receiver answered 410 Gone.' }]);
    expectError(
      await suite.alice.post(`/webhooks/${id}/deliveries/${delivery?.id}/redeliver`),
      'webhook_disabled',
    );
    await suite.alice.delete(`/webhooks/${id}`);
  });
});

describe('requests that fail', () => {
  test('get 404 for an unknown id', async () => {
    const receiver = await WebhookReceiver.start();
    const id = await webhookTo(receiver);
    expectError(await suite.alice.get(`/webhooks/${randomUUID()}/deliveries`), 'webhook_not_found');
    expectError(await suite.alice.get('/webhooks/nonsense/deliveries'), 'webhook_not_found');
    expectError(await suite.bob.get(`/webhooks/${id}/deliveries`), 'webhook_not_found');
    expectError(
      await suite.alice.post(`/webhooks/${id}/deliveries/nonsense/redeliver`),
      'delivery_not_found',
    );
    expectError(
      await suite.alice.post(`/webhooks/${id}/deliveries/${randomUUID()}/redeliver`),
      'delivery_not_found',
    );
    await suite.alice.delete(`/webhooks/${id}`);
  });

  test('accept every possible `next_before`', async () => {
    const query = `?before=${Number.MAX_SAFE_INTEGER}`;
    const missing = await suite.alice.get(`/webhooks/${newLeaseId()}/deliveries${query}`);
    expectError(missing, 'webhook_not_found');
  });

  test.each(['?limit=0', '?limit=101', '?limit=x', '?before=0', '?before=a', '?cursor=1'])(
    'get 422 for the query %s',
    async (query) => {
      const receiver = await WebhookReceiver.start();
      const id = await webhookTo(receiver);
      expectError(await suite.alice.get(`/webhooks/${id}/deliveries${query}`), 'validation_failed');
      await suite.alice.delete(`/webhooks/${id}`);
    },
  );
});

test('operators see how many webhooks and deliveries there are', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = status(500);
  const id = await webhookTo(receiver);
  await acquire(suite.bob);
  await receiver.receives(1);
  const { body } = await suite.operator.get('/admin/status');
  expect(body).toMatchObject({ webhooks: 1, webhook_deliveries_pending: 1, webhook_deliveries_dead: 0 });
  await suite.alice.delete(`/webhooks/${id}`);
});
