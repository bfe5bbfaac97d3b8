import { isIPv4 } from 'node:net';
import type { Leader } from '../../../journal/shared-database.js';
import { controlKey } from '../../../secrets/control-key.js';
import type { SecretKeys } from '../../../secrets/secret-keys.js';
import type { Control } from '../installation/control.js';
import { RemoteServer } from '../remote-server.js';

/** What to say about a server that publishes in the database. */
export const UNREACHABLE =
  'The server that leads on this database cannot be reached from here, or has another SECRET_KEY. ' +
  'Run this with the settings of that server, and set its ADVERTISE_URL to a URL that this machine can reach.';

/** How to reach a process that leads, with the key that it accepts. Null if its URL is not known yet. */
export async function findControl(leader: Leader, { all }: SecretKeys): Promise<Control | null> {
  const controls = all.map((key) => controlOf(leader, key)).filter((control) => control !== null);
  const [usual = null, ...others] = controls;
  if (others.length === 0) return usual;
  // While SECRET_KEY is replaced, the server may have only one of the keys.
  for (const control of controls) if (await new RemoteServer(control).answers()) return control;
  return usual;
}

/** How to reach a process that leads. Null if its URL is not known yet. */
export function controlOf({ url, reign }: Leader, secretKey: string): Control | null {
  if (!URL.canParse(url)) return null;
  const isOnThisMachine = isLoopback(new URL(url).hostname);
  return { url, key: controlKey(secretKey, reign), isOnThisMachine, ifUnreachable: UNREACHABLE };
}

function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
