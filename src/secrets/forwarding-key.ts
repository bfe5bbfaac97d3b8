import { createHmac } from 'node:crypto';
import { secretKeysOf, type SecretKeys } from './secret-keys.js';

const LABEL = 'octostore forwarding key';

/**
 * The keys with which a standby shows the leader that it may speak for its clients, one for each secret key. All servers on a database derive
 * them, so they are stored nowhere.
 */
export function forwardingKeys({ all }: SecretKeys): string[] {
  return all.map(forwardingKey);
}

/** Empty if no other server can forward requests to this one. */
export function forwardingKeysOf(settings: Parameters<typeof secretKeysOf>[0]): string[] {
  const keys = secretKeysOf(settings);
  return keys === null ? [] : forwardingKeys(keys);
}

/** @param secretKey one of the keys in `SECRET_KEY`, which all servers on a database share. */
export function forwardingKey(secretKey: string): string {
  return createHmac('sha256', secretKey).update(LABEL).digest('base64url');
}
