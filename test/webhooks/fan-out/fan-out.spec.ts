import { describe, expect, test, vi } from 'vitest';
import { settleDown } from '../../support/store.js';
import { hang, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, BEN, WebhookRig } from '../webhook-rig.js';

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

describe('each durable event', () => {
  test('reaches every webhook that subscribes to it, once and in order', async () => {
    const receivers = await Promise.all([1, 2, 3].map(() => WebhookReceiver.start()));
    const rig = await WebhookRig.open();
    for (const [index, receiver] of receivers.entries()) {
      await rig.create(receiver.url(), {}, index === 0 ? BEN : ANN);
    }
    await Promise.all(upTo(20).map(() => rig.events(10)));
    for (const receiver of receivers) {
      await receiver.receives(200);
      expect(receiver.sequences).toEqual(upTo(200));
    }
  });

  test('is sent after a crash between the fan-out and the delivery', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(5);
    await rig.untilStates(id, 'pending', 'pending', 'pending', 'pending', 'pending');
    await receiver.receives(1);
    await rig.crash();
    receiver.answer = succeed;
    await rig.base.start();
    await rig.start();
    await receiver.receives(6);
    expect(receiver.sequences).toEqual([1, ...upTo(5)]);
    expect(receiver.received[1]?.headers['webhook-id']).toBe(receiver.received[0]?.headers['webhook-id']);
  });

  test('is sent after a crash between its commit and the fan-out, which is not repeated', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(3);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    await rig.crash();
    await rig.base.start();
    await rig.events(4); // There is no fan-out at this point.
    await rig.start();
    await receiver.receives(7);
    await rig.untilStates(id, ...Array<'delivered'>(7).fill('delivered'));
    expect(receiver.sequences).toEqual(upTo(7));
  });

  test('comes after those that the last process left', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.events(1_000);
    await rig.until(async () => (await rig.newest(id)) === 1_000);
    receiver.answer = succeed;
    await rig.restart({ cut: true });
    await rig.events(3);
    await receiver.receives(1_004);
    expect(receiver.sequences.slice(1)).toEqual(upTo(1_003));
  });

  test('is sent even if the log was due for pruning before the fan-out returned', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open({ store: { eventRetention: 10 } });
    await rig.create(receiver.url());
    await rig.events(50);
    await receiver.receives(50);
    await rig.untilIdle();
    await rig.crash();
    await rig.base.start();
    await rig.events(100);
    await rig.base.restart();
    await rig.events(5);
    await rig.start();
    await receiver.receives(155);
    expect(receiver.sequences).toEqual(upTo(155));
    await rig.until(() => rig.base.store.log.prunedThrough > 0 || rig.events(1).then(() => false));
  });

  test('is read from the log if too many come at once', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open({ store: { maxLocksPerUser: 10_000 } });
    await rig.create(receiver.url(), { lock_pattern: 'wanted' });
    await Promise.all(
      upTo(5_000).map((index) => rig.base.grant(index === 4_321 ? 'wanted' : `other-${index}`)),
    );
    await receiver.receives(1);
    expect(receiver.sequences).toEqual([4_321]);
  });
});

test('the fan-out yields by elapsed time, and writes few deliveries at a time', async () => {
  const receiver = await WebhookReceiver.start();
  const rig = await WebhookRig.open();
  const { clock, journal } = rig.base;
  for (let count = 0; count < 10; count += 1) await rig.create(receiver.url());
  const yields = vi.spyOn(clock, 'afterBacklog');
  const start = clock.monotonicMs();
  let looks = 0;
  // Each read of the clock is half a millisecond later.
  vi.spyOn(clock, 'monotonicMs').mockImplementation(() => start + (looks += 1) / 2);
  await Promise.all(upTo(60).map(() => rig.events(2)));
  await receiver.receives(1_200);
  expect(yields.mock.calls.length).toBeGreaterThan(10);
  const sizes = journal.batches.map(({ rows }) => rows.of('deliveries').put.length);
  expect(Math.max(...sizes)).toBeLessThan(80);
});

test('a webhook that is created while the fan-out is behind receives no earlier events', async () => {
  const first = await WebhookReceiver.start();
  const second = await WebhookReceiver.start();
  const rig = await WebhookRig.open();
  await rig.create(first.url());
  await rig.crash();
  await rig.base.start();
  await rig.events(300);
  await rig.start();
  await rig.create(second.url());
  await rig.events(1);
  await first.receives(301);
  await second.receives(1);
  await rig.untilIdle();
  expect(second.sequences).toEqual([301]);
});

describe('an event that did not happen', () => {
  test('is never sent', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    await rig.create(receiver.url());
    await rig.events(1);
    await receiver.receives(1);
    await rig.untilIdle();
    rig.base.journal.hold();
    const doomed = rig.base.grant('doomed').catch((error: unknown) => error);
    await rig.base.journal.isHolding();
    rig.base.journal.failFromNowOn();
    rig.base.journal.letGo();
    expect(await doomed).toMatchObject({ code: 'store_unavailable' });
    await settleDown();
    await rig.crash();
    await rig.base.start();
    await rig.start();
    await rig.events(1, 'after');
    await receiver.receives(2);
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { lock: string }).lock)).not.toContain(
      'doomed',
    );
  });
});

describe('an installation without webhooks', () => {
  test('writes nothing for the fan-out', async () => {
    const rig = await WebhookRig.open();
    await rig.events(200);
    await rig.restart();
    await rig.events(200);
    expect(rig.base.journal.batches.flatMap(({ rows }) => rows.of('cursors').put)).toEqual([]);
    expect(await rig.base.journal.load('cursors')).toEqual([]);
  });

  test('prunes its log', async () => {
    const rig = await WebhookRig.open({ store: { eventRetention: 10 } });
    await rig.events(100);
    expect(rig.base.store.log.prunedThrough).toBe(90);
  });

  test('starts the first webhook at the moment of its creation, whatever happened before', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open({ store: { eventRetention: 10 } });
    await rig.events(100);
    await rig.create(receiver.url());
    await rig.events(2);
    await receiver.receives(2);
    await rig.untilIdle();
    await rig.crash();
    await rig.base.start();
    await rig.start();
    await rig.events(1);
    await receiver.receives(3);
    expect(receiver.sequences).toEqual([101, 102, 103]);
  });
});

describe('events without a subscriber', () => {
  test('move the cursor without a separate write, and are not kept', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open({ store: { eventRetention: 10 } });
    await rig.create(receiver.url(), { lock_pattern: 'wanted' });
    const before = rig.base.journal.batches.length;
    await rig.events(100);
    await rig.until(() => rig.base.store.log.prunedThrough >= 80 || rig.events(1).then(() => false));
    const batches = rig.base.journal.batches.slice(before);
    expect(batches.flatMap(({ rows }) => rows.of('cursors').put)).toEqual([]);
    await rig.restart();
    await rig.base.grant('wanted');
    await receiver.receives(1);
  });
});

test('a deleted webhook leaves nothing behind, even if its deletion is interrupted', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = hang;
  const rig = await WebhookRig.open();
  const { id } = await rig.create(receiver.url());
  const other = await rig.create(receiver.url());
  await rig.events(500);
  await rig.until(async () => (await rig.rows(id)).length === 500);
  await rig.parts.webhooks.remove(id, ANN);
  expect(await rig.parts.webhooks.list(ANN)).toMatchObject([{ id: other.id }]);
  await rig.crash();
  await rig.base.start();
  await rig.start();
  await rig.until(async () => (await rig.base.journal.load('webhooks')).length === 1);
  const left = await rig.base.journal.load('deliveries');
  expect(new Set(left.map(({ webhookId }) => webhookId))).toEqual(new Set([other.id]));
  expect(rig.parts.backlog.count()).toMatchObject({ webhooks: 1, pending: 500 });
});
