import { createHmac } from 'node:crypto';

const LABEL = 'octostore control key';

/**
 * The admin key of one term, with which the commands reach the server that leads. Both sides derive it, so it is stored nowhere.
 *
 * @param secretKey one of the keys in `SECRET_KEY`, which all servers and commands on a database share.
 * @param termId what identifies the term. It is random.
 */
export function controlKey(secretKey: string, termId: string): string {
  return createHmac('sha256', secretKey).update(`${LABEL}\0${termId}`).digest('base64url');
}
