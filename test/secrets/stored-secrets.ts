import { createHmac, randomUUID } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import { expect } from 'vitest';
import { Client } from '../../lab/kit/http/client.js';
import { keySetOf, verified } from '../http/proofs/proof-reader.js';
import { ALICE } from '../support/server.js';
import { sharedCertificate, WebhookReceiver } from '../support/webhook-receiver.js';

const SECRET = 'the-secret-of-a-webhook';

/** What a server needs to call a receiver on this machine. */
export function receiverSettings(): Record<string, string> {
  return {
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8',
    WEBHOOK_CA_FILE: sharedCertificate().caFile,
  };
}

/** Secrets that an installation keeps: that of a webhook, and the keys for proofs. */
export class StoredSecrets {
  private constructor(
    private readonly receiver: WebhookReceiver,
    private readonly keys: JSONWebKeySet,
  ) {}

  static async on({ url }: { readonly url: string }): Promise<StoredSecrets> {
    const receiver = await WebhookReceiver.start();
    const webhook = { url: receiver.url(), secret: SECRET, events: ['acquired'] };
    const { status } = await new Client(url, ALICE).post('/webhooks', webhook);
    expect(status).toBe(201);
    return new StoredSecrets(receiver, await keySetOf(new Client(url, null)));
  }

  /** A server still signs with them. */
  async expectUsedBy({ url }: { readonly url: string }): Promise<void> {
    const sent = this.receiver.received.length;
    const body = { lease_id: randomUUID(), ttl_seconds: 60, proof: true };
    const lease = await new Client(url, ALICE).post(`/locks/${randomUUID()}/acquire`, body);
    expect(lease.status).toBe(200);
    await verified(lease.body['proof'], this.keys, Date.now());
    expect(await keySetOf(new Client(url, null))).toEqual(this.keys);
    const message = (await this.receiver.receives(sent + 1))[sent];
    expect(message?.headers['x-octostore-signature']).toBe(
      `sha256=${createHmac('sha256', SECRET)
        .update(message?.body ?? '')
        .digest('hex')}`,
    );
  }
}
