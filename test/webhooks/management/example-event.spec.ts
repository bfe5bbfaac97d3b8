import { describe, expect, test } from 'vitest';
import { watch } from '../../support/store.js';
import { hang, succeed, WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, WebhookRig } from '../webhook-rig.js';

/** A test of a webhook whose receiver has the event, and does not answer. */
async function hangingTest() {
  const receiver = await WebhookReceiver.start();
  receiver.answer = hang;
  const rig = await WebhookRig.open();
  const { id } = await rig.create(receiver.url());
  const result = rig.parts.tester.test(id, ANN);
  await receiver.receives(1);
  return { receiver, rig, id, tested: watch(result), result };
}

describe('an example event', () => {
  test('is cancelled when the webhook is suspended', async () => {
    const { rig, tested } = await hangingTest();
    rig.owners.revoke(ANN);
    await rig.until(() => tested.status !== 'pending' || rig.events(1).then(() => false));
    expect(tested.reason).toMatchObject({ code: 'webhook_suspended' });
  });

  test('has an unknown outcome if the server stops, because the receiver may have it', async () => {
    const { rig, tested } = await hangingTest();
    await rig.stop({ cut: true });
    expect(tested.reason).toMatchObject({ code: 'outcome_unknown', headers: undefined });
  });

  test('has an unknown outcome if it is cancelled when the store is closed', async () => {
    const { rig, result: tested } = await hangingTest();
    await rig.base.store.close();
    rig.owners.revoke(ANN);
    await expect(tested).rejects.toMatchObject({ code: 'outcome_unknown', headers: undefined });
  });

  test('is not sent by a store that is closed', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    await rig.base.store.close();
    const tested = rig.parts.tester.test(id, ANN);
    await expect(tested).rejects.toMatchObject({
      code: 'shutting_down',
      headers: { 'Octostore-Unserved': '1' },
    });
    expect(receiver.connections).toBe(0);
  });

  test('delays no delivery, and is tried once', async () => {
    const { receiver, rig, id, result: tested } = await hangingTest();
    receiver.answer = succeed;
    await rig.events(1);
    await rig.untilStates(id, 'delivered');
    rig.base.clock.advance(15_000);
    expect(await tested).toMatchObject({
      delivered: false,
      status: null,
      error: 'timeout',
      duration_ms: 15_000,
    });
    expect(receiver.received).toHaveLength(2);
  });

  test('is limited to ten requests a minute', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const { id } = await rig.create(receiver.url());
    for (let count = 0; count < 10; count += 1) await rig.parts.tester.test(id, ANN);
    await expect(rig.parts.tester.test(id, ANN)).rejects.toMatchObject({ code: 'rate_limited' });
    rig.base.clock.advance(6_000);
    expect(await rig.parts.tester.test(id, ANN)).toMatchObject({ delivered: true, status: 204 });
  });

  test('is not sent to addresses that are not public', async () => {
    const rig = await WebhookRig.open();
    const receiver = await WebhookReceiver.start();
    const { id } = await rig.create(receiver.url('localhost'));
    await rig.stop();
    rig.forbidPrivate();
    await rig.base.start();
    await rig.start();
    expect(await rig.parts.tester.test(id, ANN)).toMatchObject({ delivered: false, error: 'url_refused' });
    expect(receiver.connections).toBe(0);
  });
});
