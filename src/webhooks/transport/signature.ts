import { createHmac } from 'node:crypto';

/** The prefix of a secret that contains its key in base64, as Standard Webhooks tools create it. */
export const ENCODED_SECRET_PREFIX = 'whsec_';

/** The message to sign, with exactly the bytes that are sent. */
export interface SignedMessage {
  /** The same on every attempt, so that a receiver can recognise a repeat. */
  readonly deliveryId: string;
  /** When this attempt was made, in seconds since 1970, so that a receiver can refuse an old message. */
  readonly timestamp: number;
  readonly body: Buffer;
}

/**
 * The headers that identify and sign a message. `X-OctoStore-Signature` is the HMAC-SHA256 of the body with the secret's text
 * as key. `webhook-signature` follows Standard Webhooks. Without a secret, nothing is signed.
 */
export function signatureHeaders(message: SignedMessage, secret: string | null): Record<string, string> {
  const { deliveryId, timestamp, body } = message;
  const headers = { 'webhook-id': deliveryId, 'webhook-timestamp': String(timestamp) };
  if (secret === null) return headers;
  const signed = createHmac('sha256', standardKey(secret)).update(`${deliveryId}.${timestamp}.`).update(body);
  return {
    ...headers,
    'webhook-signature': `v1,${signed.digest('base64')}`,
    'X-OctoStore-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

/** Whether receivers can derive the key from the secret: what follows the prefix must be base64 and not empty. */
export function isUsableSecret(secret: string): boolean {
  if (!secret.startsWith(ENCODED_SECRET_PREFIX)) return secret.length > 0;
  const encoded = secret.slice(ENCODED_SECRET_PREFIX.length);
  return encoded.length > 0 && Buffer.from(encoded, 'base64').toString('base64') === encoded;
}

function standardKey(secret: string): Buffer {
  return secret.startsWith(ENCODED_SECRET_PREFIX)
    ? Buffer.from(secret.slice(ENCODED_SECRET_PREFIX.length), 'base64')
    : Buffer.from(secret, 'utf8');
}
