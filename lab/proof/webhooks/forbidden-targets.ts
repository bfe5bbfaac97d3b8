import { isIP } from 'node:net';
import { FORBIDDEN_ADDRESSES, FORBIDDEN_URLS } from '../../kit/bad-input/forbidden.js';
import type { Zone } from '../../kit/doubles/name-server.js';

/**
 * Looks like a public address, but is not assigned, so packets to it go nowhere. A proof must not connect to a real host.
 */
export const UNROUTED_ADDRESS = '2e00::1';

/** Resolves to a public address at first, and to this machine in later lookups. */
export const REBOUND_NAME = 'rebound.attack.test';

/** Host names that each resolve to one forbidden address. */
const SINGLE_NAMES = new Map(
  FORBIDDEN_ADDRESSES.filter((address) => isIP(address) !== 0 && !address.includes('%')).map(
    (address, index) => [`single${index}.attack.test`, [address]] as const,
  ),
);

/** Host names with several addresses, of which one is private. All of them must be checked. */
const MIXED_NAMES = new Map([
  ['first.attack.test', ['127.0.0.1', '192.88.99.1']],
  ['last.attack.test', [UNROUTED_ADDRESS, '127.0.0.1']],
  ['other-version.attack.test', [UNROUTED_ADDRESS, '::1']],
  ['mapped.attack.test', [UNROUTED_ADDRESS, '::ffff:127.0.0.1']],
]);

const NAMES = new Map<string, readonly string[]>([...SINGLE_NAMES, ...MIXED_NAMES]);

/** The answers of the attacker's name server. */
export const ATTACKERS_ZONE: Zone = (name, type, lookup) => {
  if (name === REBOUND_NAME) return reboundAnswer(type, lookup);
  return (NAMES.get(name) ?? []).filter((address) => isIP(address) === (type === 'A' ? 4 : 6));
};

function reboundAnswer(type: 'A' | 'AAAA', lookup: number): string[] {
  if (lookup === 1) return type === 'AAAA' ? [UNROUTED_ADDRESS] : [];
  return type === 'A' ? ['127.0.0.1'] : ['::1'];
}

/** URLs with these host names. Only a lookup shows that they are forbidden. */
export function namedUrls(port: number): string[] {
  return [...NAMES.keys()].map((name) => `https://${name}:${port}/`);
}

export function reboundUrl(port: number): string {
  return `https://${REBOUND_NAME}:${port}/`;
}

/** Every forbidden URL, and those of this machine once more with a port on which something listens. */
export function forbiddenUrls(port: number): string[] {
  return [...new Set([...FORBIDDEN_URLS, ...loopbackUrls(port)])];
}

/** The forbidden URLs of this machine, with a port on which something listens. */
export function loopbackUrls(port: number): string[] {
  const urls: string[] = [];
  for (const text of FORBIDDEN_URLS) {
    if (!/^https:\/\/[^@\\\s]+$/i.test(text)) continue;
    const { hostname } = new URL(URL.canParse(text) ? text : 'https://nowhere.test');
    if (!isThisMachine(hostname.replace(/\.$/, ''))) continue;
    urls.push(text.replace(/^(https:\/\/(?:\[[^\]]*\]|[^/:]*))(?::\d+)?\//i, `$1:${port}/`));
  }
  return [...new Set(urls)];
}

/** URLs with host names that resolve only to this machine. */
export function loopbackNamedUrls(port: number): string[] {
  const names = [...SINGLE_NAMES].filter(([, addresses]) =>
    addresses.every((address) => isThisMachine(address)),
  );
  return names.map(([name]) => `https://${name}:${port}/`);
}

function isThisMachine(host: string): boolean {
  return /^(?:127(?:\.\d+){3}|0\.0\.0\.0|localhost|\[?(?:::1|::ffff:(?:127\.0\.0\.1|7f00:1))\]?)$/.test(host);
}
