import { SignatureError, ValidationError } from './errors.js';
import { RULES } from './rules.js';

type HeaderValues = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

const BASE64_KEY_PREFIX = 'whsec_';

/**
 * Checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off. Throws
 * `SignatureError` if not, and `ValidationError` if the body is not as received. Remember `webhook-id` to recognise repeats.
 *
 * @param headers as your HTTP server provides them, in any letter case.
 * @param body exactly the bytes received, or their text.
 * @param nowSeconds the current time, in seconds since 1970.
 */
export async function verifyWebhook(
  secret: string,
  headers: HeaderValues,
  body: string | Uint8Array,
  nowSeconds: number = Date.now() / 1000,
): Promise<void> {
  checkReceived(body);
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  const age = Math.abs(nowSeconds - Number(/^\d+$/.test(timestamp) ? timestamp : NaN));
  if (!(age <= RULES.webhook_tolerance_seconds))
    throw new SignatureError('the time stamp is missing or too far off');
  const signed = joined(`${id}.${timestamp}.`, body);
  const key = await importedKey(secret);
  for (const signature of signaturesIn(headerOf(headers, 'webhook-signature'))) {
    // `verify` compares in constant time.
    if (await crypto.subtle.verify('HMAC', key, signature, signed)) return;
  }
  throw new SignatureError('the signature does not match');
}

/** JavaScript programs often pass what a framework has parsed. */
function checkReceived(body: unknown): void {
  if (typeof body === 'string' || body instanceof Uint8Array) return;
  throw new ValidationError(
    'The body must be exactly what was received, as text or bytes, but it is something else, such as parsed JSON. Read the raw body before anything parses it.',
  );
}

function headerOf(headers: HeaderValues, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const [, value = ''] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return typeof value === 'string' ? value : (value[0] ?? '');
}

function importedKey(secret: string): ReturnType<typeof crypto.subtle.importKey> {
  const isBase64 = secret.startsWith(BASE64_KEY_PREFIX);
  const key = isBase64 ? bytesOf(secret.slice(BASE64_KEY_PREFIX.length)) : new TextEncoder().encode(secret);
  if (key === null || key.length === 0) throw new SignatureError('the secret holds no key');
  return crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function signaturesIn(header: string): Uint8Array<ArrayBuffer>[] {
  return header.split(' ').flatMap((entry) => {
    const bytes = entry.startsWith('v1,') ? bytesOf(entry.slice('v1,'.length)) : null;
    return bytes === null ? [] : [bytes];
  });
}

function joined(start: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const [head, tail] = [encoder.encode(start), typeof body === 'string' ? encoder.encode(body) : body];
  const whole = new Uint8Array(head.length + tail.length);
  whole.set(head);
  whole.set(tail, head.length);
  return whole;
}

/** Decodes base64. Returns null if the text is not base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
