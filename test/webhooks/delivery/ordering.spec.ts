import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { deliveryIdOf } from '../../../src/webhooks/delivery/delivery.js';
import { RETRY_DELAYS_MS } from '../../../src/webhooks/delivery/retry-schedule.js';
import { settleDown } from '../../support/store.js';
import { status, succeed, WebhookReceiver, type Answer } from '../../support/webhook-receiver.js';
import { ANN, BEN, WebhookRig } from '../webhook-rig.js';

/** Refuses the event with this sequence, and accepts all others. */
function refuse(refused: number, code = 400): Answer {
  return (response, message) => {
    const { sequence } = JSON.parse(message.body) as { sequence: number };
    status(sequence === refused ? code : 204)(response, message);
  };
}

describe('a webhook without an order', () => {
  test('gets later events while one that it refuses is retried', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = refuse(1);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { ordering: 'none' });
    await rig.events(3);
    await rig.untilStates(id, 'pending', 'delivered', 'delivered');
    for (const [index, delay] of RETRY_DELAYS_MS.entries()) await rig.retry(id, 1, index + 1, delay);
    await rig.untilStates(id, 'dead', 'delivered', 'delivered');
    expect(receiver.sequences.filter((sequence) => sequence === 1)).toHaveLength(RETRY_DELAYS_MS.length + 1);
  });

  test('continues the retry after a restart', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = refuse(1);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { ordering: 'none' });
    await rig.events(2);
    await rig.untilStates(id, 'pending', 'delivered');
    await rig.restart();
    receiver.answer = succeed;
    await rig.events(1);
    await rig.untilStates(id, 'pending', 'delivered', 'delivered');
    rig.base.clock.advance(RETRY_DELAYS_MS[0] ?? 0);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 2, 3, 1]);
  });

  test('is sent at most four events at the same time, each once', async () => {
    const receiver = await WebhookReceiver.start();
    const held: ServerResponse[] = [];
    receiver.answer = (response) => held.push(response);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { ordering: 'none' });
    await rig.events(100);
    await rig.until(async () => (await rig.newest(id)) === 100);
    await receiver.receives(4);
    await settleDown();
    expect(held).toHaveLength(4);
    receiver.answer = succeed;
    for (const response of held) succeed(response);
    await rig.untilIdle();
    expect(receiver.sequences.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });

  test('is disabled as a whole when the receiver is gone', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(410);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { ordering: 'none' });
    await rig.events(20);
    await rig.until(async () => (await rig.rows(id)).every(({ state }) => state === 'dead'));
    expect(rig.parts.registry.get(id)?.status).toBe('disabled');
    expect(receiver.received.length).toBeLessThanOrEqual(4);
    const dead = (await rig.rows(id)).length;
    const backlog = { webhooks: 1, pending: 0, dead };
    await expect.poll(() => rig.parts.backlog.count()).toEqual(backlog);
    await rig.restart();
    await expect.poll(() => rig.parts.backlog.count()).toEqual(backlog);
  });
});

describe('skipping a delivery', () => {
  test('that fails lets the later ones continue, and it can be repeated', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = refuse(1);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.retry(id, 1, 1, 0);
    const skipped = await rig.parts.deliveries.skip(id, deliveryIdOf(id, 1), ANN);
    expect(skipped).toMatchObject({ state: 'dead', dead_reason: 'skipped', attempts: [{ status: 400 }] });
    await rig.untilStates(id, 'dead', 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 2, 3]);
    receiver.answer = succeed;
    await rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 1), ANN);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
  });

  test('that has not yet been sent removes it from the queue', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.retry(id, 1, 1, 0);
    await rig.parts.deliveries.skip(id, deliveryIdOf(id, 2), ANN);
    receiver.answer = succeed;
    rig.base.clock.advance(RETRY_DELAYS_MS[0] ?? 0);
    await rig.untilStates(id, 'delivered', 'dead', 'delivered');
    expect(receiver.sequences).toEqual([1, 1, 3]);
  });

  test('that is being sent keeps it skipped, whatever the receiver answers', async () => {
    const receiver = await WebhookReceiver.start();
    let answer: () => void = () => undefined;
    receiver.answer = (response) => (answer = () => response.writeHead(204).end());
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(2);
    await receiver.receives(1);
    receiver.answer = succeed;
    await rig.parts.deliveries.skip(id, deliveryIdOf(id, 1), ANN);
    answer();
    const rows = await rig.untilStates(id, 'dead', 'delivered');
    expect(rows[0]).toMatchObject({ deadReason: 'skipped', attempts: '[]' });
  });

  test('does not count as a failure of the receiver afterwards', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await rig.retry(id, 1, 1, 0);
    await rig.parts.deliveries.skip(id, deliveryIdOf(id, 1), ANN);
    expect(rig.parts.registry.get(id)?.row.failingSince).toBeNull();
  });

  test('needs a pending delivery of the caller’s webhook', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await rig.untilStates(id, 'delivered');
    const { deliveries } = rig.parts;
    await expect(deliveries.skip(id, deliveryIdOf(id, 1), ANN)).rejects.toMatchObject({
      code: 'delivery_not_pending',
    });
    await expect(deliveries.skip(id, deliveryIdOf(id, 9), ANN)).rejects.toMatchObject({
      code: 'delivery_not_found',
    });
    await expect(deliveries.skip(id, deliveryIdOf(id, 1), BEN)).rejects.toMatchObject({
      code: 'webhook_not_found',
    });
  });
});
