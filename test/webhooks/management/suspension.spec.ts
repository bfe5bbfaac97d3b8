import { describe, expect, test } from 'vitest';
import { OPERATOR_ORIGIN } from '../../../src/audit/origin.js';
import { deliveryIdOf } from '../../../src/webhooks/delivery/delivery.js';
import type { Webhook } from '../../../src/webhooks/subscriptions/webhook.js';
import { settleDown } from '../../support/store.js';
import { hang, status, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, BEN, WebhookRig } from '../webhook-rig.js';

interface Scene {
  readonly rig: WebhookRig;
  readonly receiver: WebhookReceiver;
  readonly id: string;
}

/** Ann has a webhook that has received event 1. */
async function withDelivery(): Promise<Scene> {
  const receiver = await WebhookReceiver.start();
  const rig = await WebhookRig.open({ store: { eventRetention: 10 } });
  const { id } = await rig.create(receiver.url());
  await rig.events(1);
  await rig.untilStates(id, 'delivered');
  return { rig, receiver, id };
}

function webhookOf({ rig, id }: Scene): Webhook {
  return rig.parts.registry.existing(id);
}

/** Resolves when the webhook is called again. */
async function untilActive({ rig, id }: Scene): Promise<void> {
  await rig.until(() => rig.parts.registry.activeOne(id) !== null);
}

describe('a webhook whose owner has lost the last token', () => {
  test('receives nothing, and continues with new events once there is a token again', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    rig.owners.revoke(ANN);
    expect(webhookOf(scene)).toMatchObject({ status: 'suspended', row: { suspendedBy: 'no_valid_token' } });
    await rig.events(3);
    rig.owners.signIn(ANN);
    await untilActive(scene);
    await rig.events(2);
    await rig.untilStates(id, 'delivered', 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 5, 6]);
  });

  test('does not keep events in the log', async () => {
    const { rig } = await withDelivery();
    rig.owners.revoke(ANN);
    await rig.events(100);
    expect(rig.base.store.log.prunedThrough).toBeGreaterThanOrEqual(90);
  });

  test('does not delay other webhooks', async () => {
    const { rig } = await withDelivery();
    const other = await WebhookReceiver.start();
    await rig.create(other.url(), {}, BEN);
    rig.owners.revoke(ANN);
    await rig.events(3);
    await other.receives(3);
    expect(other.sequences).toEqual([2, 3, 4]);
  });

  test('loses its pending deliveries, so that nothing old is sent later', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    receiver.answer = status(500);
    await rig.events(2);
    await rig.retry(id, 2, 1, 0);
    rig.owners.revoke(ANN);
    const rows = await rig.untilStates(id, 'delivered', 'dead', 'dead');
    expect(rows.map(({ deadReason }) => deadReason)).toEqual([null, 'suspended', 'suspended']);
    receiver.answer = succeed;
    rig.owners.signIn(ANN);
    await untilActive(scene);
    rig.base.clock.advance(1_000_000);
    await rig.events(1);
    await rig.untilStates(id, 'delivered', 'dead', 'dead', 'delivered');
    expect(receiver.sequences).toEqual([1, 2, 4]);
    expect(rig.parts.backlog.count()).toMatchObject({ pending: 0, dead: 2 });
  });

  test('can repeat its dead letters once it is active again', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    receiver.answer = hang;
    await rig.events(1);
    await receiver.receives(2);
    rig.owners.revoke(ANN);
    await rig.untilStates(id, 'delivered', 'dead');
    await expect(rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 2), ANN)).rejects.toMatchObject({
      code: 'webhook_suspended',
    });
    receiver.answer = succeed;
    rig.owners.signIn(ANN);
    await untilActive(scene);
    await rig.parts.deliveries.redeliver(id, deliveryIdOf(id, 2), ANN);
    await rig.untilStates(id, 'delivered', 'delivered');
    expect(receiver.sequences).toEqual([1, 2, 2]);
  });

  test('has its running call cancelled', async () => {
    const { rig, receiver, id } = await withDelivery();
    receiver.answer = hang;
    await rig.events(1);
    await receiver.receives(2);
    rig.owners.revoke(ANN);
    const [, row] = await rig.untilStates(id, 'delivered', 'dead');
    expect(row).toMatchObject({ attempts: '[]' });
  });

  test('continues with new events however fast the token is back', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    for (let round = 0; round < 5; round += 1) {
      receiver.answer = hang;
      await rig.events(3);
      rig.owners.revoke(ANN);
      rig.owners.signIn(ANN);
      rig.owners.revoke(ANN);
      receiver.answer = succeed;
      rig.owners.signIn(ANN);
      await untilActive(scene);
      const present = rig.parts.fanOut.lastSequence;
      await rig.events(2);
      await rig.until(async () => (await rig.newest(id)) === present + 2);
      await rig.untilIdle();
      expect(receiver.sequences.slice(-2)).toEqual([present + 1, present + 2]);
    }
  });

  test('stays suspended after a restart, and after a crash right after the token has ended', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    receiver.answer = hang;
    await rig.events(2);
    await rig.untilStates(id, 'delivered', 'pending', 'pending');
    await receiver.receives(2);
    rig.owners.forget();
    rig.owners.revoke(ANN);
    await rig.crash();
    receiver.answer = succeed;
    await rig.base.start();
    await rig.start();
    await rig.untilStates(id, 'delivered', 'dead', 'dead');
    await rig.events(2);
    await rig.restart();
    await rig.events(2);
    expect(webhookOf(scene).status).toBe('suspended');
    rig.owners.signIn(ANN);
    await untilActive(scene);
    await rig.events(1);
    await receiver.receives(3);
    expect(receiver.sequences).toEqual([1, 2, 8]);
  });

  test('continues with new events if the token is back at the next start', async () => {
    const scene = await withDelivery();
    const { rig, receiver } = scene;
    rig.owners.revoke(ANN);
    await rig.events(2);
    await rig.stop();
    rig.owners.signIn(ANN);
    await rig.base.start();
    await rig.start();
    await untilActive(scene);
    await rig.events(1);
    await receiver.receives(2);
    expect(receiver.sequences).toEqual([1, 4]);
  });

  test('is suspended from the beginning if the token ends while it is created', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    rig.owners.revoke(ANN);
    expect(await rig.create(receiver.url())).toMatchObject({
      status: 'suspended',
      active: false,
      suspended_by: 'no_valid_token',
    });
    await rig.events(1);
    rig.owners.signIn(ANN);
    await untilActive({ rig, receiver, id: (await rig.parts.webhooks.list(ANN))[0]?.id ?? '' });
    await rig.events(1);
    await receiver.receives(1);
    expect(receiver.sequences).toEqual([2]);
  });

  test('can be deleted, and leaves nothing behind', async () => {
    const scene = await withDelivery();
    const { rig, receiver, id } = scene;
    receiver.answer = hang;
    await rig.events(300);
    await rig.until(async () => (await rig.newest(id)) === 301);
    rig.owners.revoke(ANN);
    await rig.parts.webhooks.delete(webhookOf(scene));
    await rig.until(async () => (await rig.base.journal.load('webhooks')).length === 0);
    expect(await rig.base.journal.load('deliveries')).toEqual([]);
  });
});

describe('a webhook that an operator has suspended', () => {
  test('stays suspended when its owner signs in, until the operator resumes it', async () => {
    const scene = await withDelivery();
    const { rig, receiver } = scene;
    await rig.parts.suspensions.suspend(webhookOf(scene));
    rig.owners.revoke(ANN);
    rig.owners.signIn(ANN);
    await rig.events(1);
    await rig.restart();
    await rig.events(1);
    await settleDown();
    expect(webhookOf(scene).row.suspendedBy).toBe('operator');
    await rig.parts.suspensions.resume(webhookOf(scene));
    expect(webhookOf(scene).status).toBe('active');
    await rig.events(1);
    await receiver.receives(2);
    expect(receiver.sequences).toEqual([1, 4]);
  });

  test('has an unknown state if the store is closed while it is being resumed', async () => {
    const scene = await withDelivery();
    const { store } = scene.rig.base;
    await scene.rig.parts.suspensions.suspend(webhookOf(scene));
    store.observe({ committed: () => void store.close() });
    const resumed = scene.rig.parts.administration.resume(scene.id, OPERATOR_ORIGIN);
    await expect(resumed).rejects.toMatchObject({ code: 'outcome_unknown', headers: undefined });
  });

  test('stays suspended after that if its owner has no token', async () => {
    const scene = await withDelivery();
    scene.rig.owners.revoke(ANN);
    await scene.rig.parts.suspensions.suspend(webhookOf(scene));
    await scene.rig.parts.suspensions.resume(webhookOf(scene));
    expect(webhookOf(scene).row.suspendedBy).toBe('no_valid_token');
    scene.rig.owners.signIn(ANN);
    await untilActive(scene);
  });
});
