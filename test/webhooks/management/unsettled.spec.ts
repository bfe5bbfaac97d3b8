import { describe, expect, onTestFinished, test } from 'vitest';
import { OPERATOR_ORIGIN } from '../../../src/audit/origin.js';
import { settleDown, watch, type Watched } from '../../support/store.js';
import { ANN, WebhookRig } from '../webhook-rig.js';

const URL = 'https://127.0.0.1:1/hook';

/** Requests of a user that arrive while a commit that they depend on is still running. */
type Ask = (rig: WebhookRig, webhookId: string) => Promise<unknown>;

const ASKS: readonly [name: string, ask: Ask][] = [
  ['list deliveries', (rig, id) => rig.parts.deliveries.list(id, {}, ANN)],
  ['repeat a delivery', (rig, id) => rig.parts.deliveries.redeliver(id, id, ANN)],
  ['skip a delivery', (rig, id) => rig.parts.deliveries.skip(id, id, ANN)],
  ['delete it', (rig, id) => rig.parts.webhooks.remove(id, ANN)],
  ['test it', (rig, id) => rig.parts.tester.test(id, ANN)],
  ['suspend it', (rig, id) => rig.parts.administration.suspend(id, OPERATOR_ORIGIN)],
  ['resume it', (rig, id) => rig.parts.administration.resume(id, OPERATOR_ORIGIN)],
  ['delete it as an administrator', (rig, id) => rig.parts.administration.remove(id, OPERATOR_ORIGIN)],
];

/** Sends a request while the commit of `change` is held up. */
async function askMeanwhile(
  rig: WebhookRig,
  change: () => Promise<unknown>,
  ask: () => Promise<unknown>,
): Promise<Watched<unknown>> {
  const { journal } = rig.base;
  journal.hold();
  onTestFinished(() => journal.letGo());
  change().catch(() => undefined);
  await journal.isHolding();
  const asked = watch(ask());
  await settleDown();
  return asked;
}

describe('a refusal waits until the change that it depends on is durable', () => {
  test.each(ASKS)('to %s, when the webhook is being deleted', async (_, ask) => {
    const rig = await WebhookRig.open();
    const { id } = await rig.create(URL);
    const asked = await askMeanwhile(
      rig,
      () => rig.parts.webhooks.remove(id, ANN),
      () => ask(rig, id),
    );
    expect(asked.status).toBe('pending');
    rig.base.journal.letGo();
    await expect.poll(() => asked.status).toBe('rejected');
    expect(asked.reason).toMatchObject({ code: 'webhook_not_found' });
  });

  test('and is never sent if that fails', async () => {
    const rig = await WebhookRig.open();
    const { id } = await rig.create(URL);
    const asked = await askMeanwhile(
      rig,
      () => rig.parts.webhooks.remove(id, ANN),
      () => rig.parts.webhooks.remove(id, ANN),
    );
    rig.base.journal.failFromNowOn();
    rig.base.journal.letGo();
    await expect.poll(() => asked.status).toBe('rejected');
    expect(asked.reason).toMatchObject({ code: 'store_unavailable' });
  });

  test('to create one, when the last one within the limit of a user is being created', async () => {
    const rig = await WebhookRig.open();
    for (let count = 0; count < 9; count += 1) await rig.create(URL);
    const asked = await askMeanwhile(
      rig,
      () => rig.create(URL),
      () => rig.create(URL),
    );
    expect(asked.status).toBe('pending');
    rig.base.journal.letGo();
    await expect.poll(() => asked.status).toBe('rejected');
    expect(asked.reason).toMatchObject({ code: 'webhook_limit_exceeded' });
  });

  test.each(ASKS.filter(([name]) => /deliver|test/.test(name)).slice(1))(
    'to %s, when the webhook is being suspended',
    async (_, ask) => {
      const rig = await WebhookRig.open();
      const { id } = await rig.create(URL);
      const asked = await askMeanwhile(
        rig,
        () => rig.parts.administration.suspend(id, OPERATOR_ORIGIN),
        () => ask(rig, id),
      );
      expect(asked.status).toBe('pending');
      rig.base.journal.letGo();
      await expect.poll(() => asked.status).toBe('rejected');
      expect(asked.reason).toMatchObject({ code: 'webhook_suspended' });
    },
  );
});
