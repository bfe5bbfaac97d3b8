import { describe, expect, test } from 'vitest';
import { deliveryIdOf } from '../../../src/webhooks/delivery/delivery.js';
import { KEPT_PER_WEBHOOK } from '../../../src/webhooks/delivery/finished-deliveries.js';
import { RETRY_DELAYS_MS } from '../../../src/webhooks/delivery/retry-schedule.js';
import { hang, status, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, BEN, OUTLASTS_ALL_RETRIES_SECONDS, WebhookRig } from '../webhook-rig.js';

const DELAYS = [...RETRY_DELAYS_MS.entries()];

/** A webhook whose first event is a dead letter and whose second was delivered. */
async function withDeadLetter(): Promise<{
  rig: WebhookRig;
  receiver: WebhookReceiver;
  id: string;
  deadId: string;
}> {
  const receiver = await WebhookReceiver.start();
  const rig = await WebhookRig.open();
  receiver.answer = status(500);
  const { id } = await rig.create(receiver.url());
  await rig.events(1);
  for (const [index, delay] of DELAYS) await rig.retry(id, 1, index + 1, delay);
  await rig.untilStates(id, 'dead');
  receiver.answer = succeed;
  await rig.events(1);
  await rig.untilStates(id, 'dead', 'delivered');
  return { rig, receiver, id, deadId: deliveryIdOf(id, 1) };
}

describe('redelivering', () => {
  test('a dead letter sends the same body again under the same id', async () => {
    const { rig, receiver, id, deadId } = await withDeadLetter();
    const answer = await rig.parts.deliveries.redeliver(id, deadId, ANN);
    expect(answer).toMatchObject({ id: deadId, state: 'pending', dead_reason: null });
    const rows = await rig.untilStates(id, 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([...Array<number>(8).fill(1), 2, 1]);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe(deadId);
    expect(receiver.received.at(-1)?.body).toBe(receiver.received[0]?.body);
    expect(JSON.parse(rows[0]?.attempts ?? '')).toHaveLength(9);
    expect(rig.parts.backlog.count()).toMatchObject({ pending: 0, dead: 0 });
  });

  test('a finished delivery sends it again', async () => {
    const { rig, receiver, id } = await withDeadLetter();
    await rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 2), ANN);
    await receiver.receives(10);
    expect(receiver.sequences.slice(-2)).toEqual([2, 2]);
  });

  test('starts the whole retry schedule again, and delays nothing while it fails', async () => {
    const { rig, receiver, id, deadId } = await withDeadLetter();
    receiver.answer = (response, message) =>
      status(message.headers['webhook-id'] === deadId ? 500 : 200)(response, message);
    await rig.parts.deliveries.redeliver(id, deadId, ANN);
    await receiver.receives(10);
    await rig.events(3);
    await rig.untilStates(id, 'pending', 'delivered', 'delivered', 'delivered', 'delivered');
    for (const [index, delay] of DELAYS) await rig.retry(id, 1, index + 1, delay);
    await rig.untilStates(id, 'dead', 'delivered', 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([
      ...Array<number>(8).fill(1),
      2,
      1,
      3,
      4,
      5,
      ...Array<number>(7).fill(1),
    ]);
  });

  test('survives a restart, and the others keep their order', async () => {
    const { rig, receiver, id, deadId } = await withDeadLetter();
    receiver.answer = status(500);
    await rig.parts.deliveries.redeliver(id, deadId, ANN);
    await rig.retry(id, 1, 1, 0);
    await rig.restart();
    receiver.answer = succeed;
    await rig.events(1);
    await rig.untilStates(id, 'pending', 'delivered', 'delivered');
    rig.base.clock.advance(5_000);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences.slice(9)).toEqual([1, 3, 1]);
  });

  test('a delivery that waits for a retry tries it at once, and the order stays', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(2);
    await rig.retry(id, 1, 1, 0);
    receiver.answer = succeed;
    await rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 2), ANN);
    await rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 1), ANN);
    await rig.untilStates(id, 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 1, 2]);
  });

  test('twice at the same time queues it once', async () => {
    const { rig, receiver, id, deadId } = await withDeadLetter();
    const answers = await Promise.all([1, 2, 3].map(() => rig.parts.deliveries.redeliver(id, deadId, ANN)));
    expect(answers.map((answer) => answer.id)).toEqual([deadId, deadId, deadId]);
    await rig.events(1);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences.filter((sequence) => sequence === 1)).toHaveLength(9);
  });

  test('needs a delivery of the caller’s own, active webhook', async () => {
    const { rig, receiver, id, deadId } = await withDeadLetter();
    const other = await rig.create(receiver.url());
    const { deliveries } = rig.parts;
    await expect(deliveries.redeliver(id, deadId, BEN)).rejects.toMatchObject({ code: 'webhook_not_found' });
    await expect(deliveries.redeliver(other.id, deadId, ANN)).rejects.toMatchObject({
      code: 'delivery_not_found',
    });
    await expect(deliveries.redeliver(id, deliveryIdOf(id, 99), ANN)).rejects.toMatchObject({
      code: 'delivery_not_found',
    });
    receiver.answer = status(410);
    await rig.events(1);
    await rig.until(() => rig.parts.registry.activeOne(id) === null);
    await expect(deliveries.redeliver(id, deadId, ANN)).rejects.toMatchObject({ code: 'webhook_disabled' });
  });
});

describe('the deliveries that are kept', () => {
  test('are limited while nothing can be delivered: the oldest become dead letters', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    const lease = await rig.base.grant('busy', { ttl: OUTLASTS_ALL_RETRIES_SECONDS });
    const total = KEPT_PER_WEBHOOK.pending + KEPT_PER_WEBHOOK.dead + 700;
    for (let made = 1; made < total; made += 1_000) {
      const count = Math.min(1_000, total - made);
      await Promise.all(Array.from({ length: count }, () => rig.base.renew(lease, lease.ttlSeconds)));
    }
    await rig.until(async () => (await rig.newest(id)) === total);
    await rig.restart({ cut: true });
    await rig.events(1);
    await rig.until(async () => (await rig.newest(id)) === total + 1);
    await rig.until(() => {
      const { pending, dead } = rig.parts.backlog.count();
      return pending < KEPT_PER_WEBHOOK.pending + 100 && dead === KEPT_PER_WEBHOOK.dead;
    });
    const rows = await rig.rows(id);
    const pending = rows.filter(({ state }) => state === 'pending').map(({ sequence }) => sequence);
    const dead = rows.filter(({ state }) => state === 'dead');
    expect(pending[0]).toBe(1);
    expect(pending.slice(1)).toEqual(
      Array.from({ length: pending.length - 1 }, (_, index) => total - pending.length + 3 + index),
    );
    expect(pending.length).toBeGreaterThanOrEqual(KEPT_PER_WEBHOOK.pending);
    expect(dead).toHaveLength(KEPT_PER_WEBHOOK.dead);
    expect(new Set(dead.map(({ deadReason }) => deadReason))).toEqual(new Set(['backlog_full']));
    expect(dead.at(-1)?.sequence).toBe((pending[1] ?? 0) - 1);
  });

  test('are the newest that were delivered', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(KEPT_PER_WEBHOOK.delivered + 30);
    await rig.untilIdle();
    const rows = await rig.rows(id);
    expect(rows).toHaveLength(KEPT_PER_WEBHOOK.delivered);
    expect(rows[0]?.sequence).toBe(31);
  });
});

describe('the list of deliveries', () => {
  test('shows the newest first, page by page, with their attempts', async () => {
    const { rig, id, deadId } = await withDeadLetter();
    await rig.events(3);
    await rig.untilIdle();
    const { deliveries } = rig.parts;
    const first = await deliveries.list(id, { limit: 3 }, ANN);
    expect(first.deliveries.map(({ payload }) => payload.sequence)).toEqual([5, 4, 3]);
    expect(first.next_before).toBe(3);
    const second = await deliveries.list(id, { limit: 3, before: 3 }, ANN);
    expect(second.next_before).toBeNull();
    expect(second.deliveries).toMatchObject([
      { state: 'delivered', attempts: [{ status: 204, error: null }] },
      { id: deadId, webhook_id: id, state: 'dead', dead_reason: 'attempts_exhausted' },
    ]);
    expect(second.deliveries[1]?.attempts).toHaveLength(8);
    await expect(deliveries.list(id, {}, BEN)).rejects.toMatchObject({ code: 'webhook_not_found' });
  });

  test('shows when a delivery is retried', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await rig.retry(id, 1, 1, 0);
    const { deliveries } = await rig.parts.deliveries.list(id, {}, ANN);
    expect(deliveries).toMatchObject([
      { state: 'pending', next_attempt_at: new Date(rig.base.clock.wallMs() + 5_000).toISOString() },
    ]);
  });
});
