import { createHmac } from 'node:crypto';

const LABEL = 'octostore forwarding key';

/**
 * The key with which a standby shows the leader that it may speak for its clients. All servers on a database derive it, so it
 * is stored nowhere.
 *
 * @param secretKey the value of `SECRET_KEY`, which all servers on a database share.
 */
export function forwardingKey(secretKey: string): string {
  return createHmac('sha256', secretKey).update(LABEL).digest('base64url');
}
