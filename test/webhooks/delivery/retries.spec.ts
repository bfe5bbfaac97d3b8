import { describe, expect, test } from 'vitest';
import { RowChanges } from '../../../src/journal/row-changes.js';
import { RETRY_DELAYS_MS } from '../../../src/webhooks/delivery/retry-schedule.js';
import { hang, status, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, WebhookRig } from '../webhook-rig.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Lets each retry happen, until the delivery has failed for good. */
async function exhaust(rig: WebhookRig, webhookId: string, sequence: number): Promise<void> {
  for (const [index, delay] of RETRY_DELAYS_MS.entries())
    await rig.retry(webhookId, sequence, index + 1, delay);
}

describe('a receiver that fails', () => {
  test('is retried, no earlier than the schedule says, and then gets the rest in order', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(503);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.retry(id, 1, 1, 4_999);
    expect(receiver.sequences).toEqual([1]);
    rig.base.clock.advance(1);
    await receiver.receives(2);
    receiver.answer = succeed;
    await rig.retry(id, 1, 2, 5 * 60_000);
    await receiver.receives(5);
    const rows = await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 1, 1, 2, 3]);
    expect(new Set(receiver.received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(JSON.parse(rows[0]?.attempts ?? '')).toMatchObject([
      { status: 503, error: 'status' },
      { status: 503, error: 'status' },
      { status: 204, error: null },
    ]);
  });

  test('gets a new timestamp and signature with each attempt, for the same body', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { secret: 'a secret' });
    await rig.events(1);
    await rig.retry(id, 1, 1, 5_000);
    const [first, second] = await receiver.receives(2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['x-octostore-signature']).toBe(first?.headers['x-octostore-signature']);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(
      Number(first?.headers['webhook-timestamp']) + 5,
    );
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
  });

  test('gets no more attempts for one event after eight, and then gets the next event', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response, { body }) =>
      status(body.includes('"sequence":1,') ? 500 : 200)(response, { path: '', headers: {}, body });
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(2);
    await exhaust(rig, id, 1);
    const [dead] = await rig.untilStates(id, 'dead', 'delivered');
    expect(dead).toMatchObject({ deadReason: 'attempts_exhausted', nextAttemptAt: null, failures: 8 });
    expect(receiver.sequences).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2]);
    expect(rig.parts.backlog.count()).toEqual({ webhooks: 1, pending: 0, dead: 1 });
    expect(rig.parts.registry.get(id)?.row.failingSince).toBeNull();
  });

  test('gets no attempt as long as its Retry-After asks, within limits', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(429, { 'Retry-After': '60' });
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await rig.retry(id, 1, 1, 59_999);
    expect(receiver.received.length).toBe(1);
    receiver.answer = status(429, { 'Retry-After': '86400' });
    rig.base.clock.advance(1);
    await receiver.receives(2);
    await rig.retry(id, 1, 2, 30 * 60_000 - 1);
    expect(receiver.received.length).toBe(2);
    rig.base.clock.advance(1);
    await receiver.receives(3);
  });

  test('is retried at the same time after a restart', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await rig.retry(id, 1, 1, 5_000);
    await rig.retry(id, 1, 2, 60_000);
    // The wall clock does not matter.
    rig.base.clock.jumpWall(DAY_MS);
    await rig.restart();
    receiver.answer = succeed;
    rig.base.clock.advance(4 * 60_000 - 1);
    await rig.events(1);
    expect(receiver.received.length).toBe(2);
    rig.base.clock.advance(1);
    await rig.untilStates(id, 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 1, 1, 2]);
  });
});

describe('a receiver that is no longer useful', () => {
  test('is disabled as soon as it answers 410 Gone', async () => {
    const receiver = await WebhookReceiver.start();
    // Not before all three are queued: nothing is queued for a disabled webhook.
    let tellThatItIsGone = (): void => undefined;
    receiver.answer = (response, message) => (tellThatItIsGone = () => status(410)(response, message));
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.untilStates(id, 'pending', 'pending', 'pending');
    await receiver.receives(1);
    tellThatItIsGone();
    const rows = await rig.untilStates(id, 'dead', 'dead', 'dead');
    expect(rows.map(({ deadReason }) => deadReason)).toEqual(Array(3).fill('webhook_disabled'));
    expect(await rig.parts.webhooks.list(ANN)).toMatchObject([
      { id, active: false, disabled_reason: 'The receiver answered 410 Gone.' },
    ]);
    await rig.events(2);
    await rig.restart();
    await rig.events(2);
    await rig.stop();
    expect(receiver.sequences).toEqual([1]);
  });

  test('stays disabled after a crash, and its pending deliveries then fail for good', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.untilStates(id, 'pending', 'pending', 'pending');
    await rig.crash();
    await rig.base.start();
    // As if the process had stopped right after the webhook was disabled.
    const [row] = await rig.base.journal.load('webhooks');
    if (row === undefined) throw new Error('there is no webhook');
    await rig.base.store.write(new RowChanges().put('webhooks', { ...row, disabledReason: 'for a reason' }));
    await rig.start();
    await rig.untilStates(id, 'dead', 'dead', 'dead');
    await rig.stop();
    expect(receiver.received).toHaveLength(1);
  });

  test('is disabled after five days of failures only', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(10);
    const start = rig.base.clock.monotonicMs();
    for (let sequence = 1; rig.parts.registry.activeOne(id) !== null; sequence += 1) {
      await exhaustUnlessDisabled(rig, id, sequence);
    }
    const days = (rig.base.clock.monotonicMs() - start) / DAY_MS;
    expect(days).toBeGreaterThanOrEqual(5);
    expect(days).toBeLessThan(5.5);
    await rig.untilStates(id, ...Array<'dead'>(10).fill('dead'));
    expect(rig.parts.registry.get(id)?.row.disabledReason).toBe('Every attempt has failed for 5 days.');
    expect(rig.parts.backlog.count()).toMatchObject({ pending: 0 });
  });

  test('is not disabled for failures of days ago when nothing is pending', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(500);
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1);
    await exhaust(rig, id, 1);
    await rig.untilStates(id, 'dead');
    rig.base.clock.advance(6 * DAY_MS);
    await rig.events(1);
    await rig.retry(id, 2, 1, 0);
    expect(rig.parts.registry.get(id)?.isActive).toBe(true);
  });

  test('is not disabled if it works once in a while', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    for (let day = 0; day < 7; day += 1) {
      receiver.answer = status(500);
      await rig.events(1);
      const sequence = day + 1;
      await rig.retry(id, sequence, 1, 0);
      receiver.answer = succeed;
      rig.base.clock.advance(5_000);
      await rig.untilStates(id, ...Array<'delivered'>(sequence).fill('delivered'));
      rig.base.clock.advance(DAY_MS);
    }
    expect(rig.parts.registry.get(id)?.isActive).toBe(true);
  });

  test('is not called unsigned if its secret can no longer be read', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url(), { secret: 'a secret' });
    await rig.restart({ secretKey: 'a new key of this server' });
    await rig.events(2);
    const rows = await rig.untilStates(id, 'dead', 'dead');
    expect(rows.map(({ deadReason }) => deadReason)).toEqual(['webhook_disabled', 'webhook_disabled']);
    expect(rig.parts.registry.get(id)?.row.disabledReason).toMatch(/secret can no longer be read/);
    expect(receiver.connections).toBe(0);
  });
});

async function exhaustUnlessDisabled(rig: WebhookRig, id: string, sequence: number): Promise<void> {
  for (const [index, delay] of RETRY_DELAYS_MS.entries()) {
    await rig.until(async () => {
      const row = (await rig.rows(id)).find((other) => other.sequence === sequence);
      return row?.state !== 'pending' || row.failures === index + 1;
    });
    if (rig.parts.registry.activeOne(id) === null) return;
    rig.base.clock.advance(delay);
  }
}

describe('a slow receiver', () => {
  test('does not delay others, and is disconnected in the end', async () => {
    const slow = await WebhookReceiver.start();
    const quick = await WebhookReceiver.start();
    slow.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(slow.url());
    await rig.create(quick.url());
    await rig.events(20);
    await slow.receives(1);
    await quick.receives(20);
    expect(quick.sequences).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(slow.sequences).toEqual([1]);
    rig.base.clock.advance(15_000);
    await rig.retry(id, 1, 1, 0);
    const [row] = await rig.rows(id);
    expect(JSON.parse(row?.attempts ?? '')).toMatchObject([
      { status: null, error: 'timeout', durationMs: 15_000 },
    ]);
    expect(slow.open).toBe(0);
  });

  test('is disconnected when the service stops, and gets its delivery at the next start', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(2);
    await receiver.receives(1);
    receiver.answer = succeed;
    await rig.restart({ cut: true });
    await rig.untilStates(id, 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 1, 2]);
    const [row] = await rig.rows(id);
    expect(JSON.parse(row?.attempts ?? '')).toHaveLength(1);
  });
});
