import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { WebhookReceiver } from '../../support/webhook-receiver.js';
import { ANN, WebhookRig } from '../webhook-rig.js';

describe('a delivery', () => {
  test('contains the event, as documented', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    await rig.create(receiver.url());
    const lease = await rig.base.grant('service/leader', { metadata: 'eu-1' });
    await rig.base.release(lease);
    const [acquired, released] = await receiver.receives(2);
    const now = new Date(rig.base.clock.wallMs()).toISOString();
    const expiry = new Date(rig.base.clock.wallMs() + 60_000).toISOString();
    expect(JSON.parse(acquired?.body ?? '')).toEqual({
      event: 'acquired',
      lock: 'service/leader',
      holder_id: 'ann',
      fencing_token: 1,
      timestamp: now,
      sequence: 1,
      expires_at: expiry,
      metadata: 'eu-1',
      mode: 'exclusive',
    });
    expect(JSON.parse(released?.body ?? '')).toEqual({
      event: 'released',
      lock: 'service/leader',
      holder_id: null,
      fencing_token: null,
      timestamp: now,
      sequence: 2,
      mode: 'exclusive',
    });
    expect(acquired?.path).toBe('/hooks/octostore?key=1');
    expect(acquired?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'OctoStore-Webhooks',
    });
  });

  test('is not signed without a secret, but still has an id', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    await rig.create(receiver.url());
    await rig.events(2);
    const [first, second] = await receiver.receives(2);
    expect(first?.headers['webhook-id']).not.toBe(second?.headers['webhook-id']);
    expect(first?.headers['webhook-timestamp']).toBe(String(Math.floor(rig.base.clock.wallMs() / 1000)));
    expect(first?.headers['x-octostore-signature']).toBeUndefined();
    expect(first?.headers['webhook-signature']).toBeUndefined();
  });

  test.each([
    ['a plain secret', 'my-secret-key', new StandardWebhook('my-secret-key', { format: 'raw' })],
    [
      'a secret of Standard Webhooks',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      new StandardWebhook('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
    ],
  ])('is signed with %s', async (_, secret, verifier) => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    // The verifier reads the machine’s clock.
    rig.base.clock.jumpWall(Date.now() - rig.base.clock.wallMs());
    await rig.create(receiver.url(), { secret });
    await rig.events(1);
    const [message] = await receiver.receives(1);
    const headers = message?.headers as Record<string, string>;
    const body = message?.body ?? '';
    expect(headers['x-octostore-signature']).toBe(
      `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    );
    expect(verifier.verify(body, headers)).toMatchObject({ event: 'acquired' });
    expect(() => verifier.verify(body.replace('acquired', 'released'), headers)).toThrow(/signature/i);
    expect(() => verifier.verify(body, { ...headers, 'webhook-id': 'other' })).toThrow(/signature/i);
    const oldTimestamp = String(Number(headers['webhook-timestamp']) - 600);
    expect(() => verifier.verify(body, { ...headers, 'webhook-timestamp': oldTimestamp })).toThrow(
      /too old/i,
    );
  });

  test('is sent for the events that the webhook subscribes to, from its creation until its deletion', async () => {
    const receiver = await WebhookReceiver.start();
    const rig = await WebhookRig.open();
    const before = await rig.base.grant('service/a');
    const { id } = await rig.create(receiver.url(), { events: ['acquired'], lock_pattern: 'service/*' });
    await rig.base.release(before);
    await rig.base.grant('other/a');
    const wanted = await rig.base.grant('service/b/c');
    await rig.base.release(wanted);
    await receiver.receives(1);
    await rig.untilStates(id, 'delivered');
    await rig.parts.webhooks.remove(id, ANN);
    await rig.base.grant('service/d');
    await rig.stop();
    expect(receiver.received.map(({ body }) => (JSON.parse(body) as { lock: string }).lock)).toEqual([
      'service/b/c',
    ]);
  });
});
