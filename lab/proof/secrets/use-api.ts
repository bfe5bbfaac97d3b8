import { randomBytes, randomUUID } from 'node:crypto';
import { Secret, type SecretKind } from './secret.js';
import type { ApiClient } from './api-client.js';

/** Texts that are not secret and must be found in known sources. A search that misses them would miss secrets too. */
export interface Canaries {
  /** The metadata of a lease, which the database contains. */
  readonly metadata: Secret;
  /** The id of a request, which the log contains. */
  readonly requestId: Secret;
}

export function newSecret(name: string, kind: SecretKind): Secret {
  return new Secret(name, kind, randomBytes(18).toString('hex'));
}

export function newCanaries(): Canaries {
  return { metadata: newSecret('the metadata', 'other'), requestId: newSecret('the request id', 'other') };
}

/** Uses and misuses leases and a webhook. Returns the secrets involved. */
export async function useApi(client: ApiClient, token: string, canaries: Canaries): Promise<Secret[]> {
  const chosen = randomUUID();
  const webhookSecret = newSecret('the secret of a webhook', 'other');
  const post = (path: string, body: object) =>
    client.send('POST', path, { token, body: JSON.stringify(body) });
  const lease = await post(`/locks/a-${chosen}/acquire`, {
    ttl_seconds: 60,
    metadata: canaries.metadata.text,
  });
  await post(`/locks/b-${chosen}/acquire`, { ttl_seconds: 60, lease_id: chosen });
  await post(`/locks/b-${chosen}/acquire`, { ttl_seconds: 60, lease_id: randomUUID() });
  await post(`/locks/b-${chosen}/renew`, { ttl_seconds: 60, lease_id: chosen });
  await post('/webhooks', { url: 'https://127.0.0.1:1/hook', secret: webhookSecret.text });
  const given = await post(`/locks/c-${chosen}/acquire`, { ttl_seconds: 60 });
  await post(`/locks/c-${chosen}/release`, { lease_id: given['lease_id'] });
  const headers = { 'x-request-id': canaries.requestId.text };
  await client.send('GET', '/locks', { token, headers });
  await client.send('GET', '/locks', { token: `${token}x`, headers });
  return [
    webhookSecret,
    new Secret('a lease id that the server chose', 'lease id', String(lease['lease_id'])),
    new Secret('a lease id that the client chose', 'lease id', chosen),
    new Secret('the id of a lease that has ended', 'lease id', String(given['lease_id'])),
  ];
}

/** Rotates a token. Returns the new one. */
export async function rotate(client: ApiClient, token: string): Promise<Secret> {
  const { token: rotated } = await client.send('POST', '/auth/token/rotate', { token });
  return new Secret('a rotated token', 'token', String(rotated));
}

/** Reads what everyone, operators and another user may read. */
export async function readPublic(client: ApiClient, otherToken: string, adminKey: string): Promise<void> {
  for (const path of ['/metrics', '/status', '/admin/status', '/health', '/health/ready'])
    await client.send('GET', path, { headers: { 'x-admin-key': adminKey } });
  for (const path of ['/locks', '/webhooks']) await client.send('GET', path, { token: otherToken });
}
