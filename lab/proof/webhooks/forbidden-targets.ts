import { isIP } from 'node:net';
import { FORBIDDEN_ADDRESSES, FORBIDDEN_URLS } from '../../kit/bad-input/forbidden.js';
import type { Zone } from '../../kit/doubles/name-server.js';

/**
 * Public as far as anybody can tell, yet given to nobody: no packet for it gets anywhere. A proof must not knock at a real
 * host's door.
 */
export const NOBODYS_ADDRESS = '2e00::1';

/** Means somebody out there when it is first looked up, and this machine ever after. */
export const REBOUND_NAME = 'rebound.attack.test';

/** The host name that means a single forbidden address, for each that a name server can give. */
const SINGLE_NAMES = new Map(
  FORBIDDEN_ADDRESSES.filter((address) => isIP(address) !== 0 && !address.includes('%')).map(
    (address, index) => [`single${index}.attack.test`, [address]] as const,
  ),
);

/** Several answers of which one is private. They could lead anywhere if only the others were looked at. */
const MIXED_NAMES = new Map([
  ['first.attack.test', ['127.0.0.1', '192.88.99.1']],
  ['last.attack.test', [NOBODYS_ADDRESS, '127.0.0.1']],
  ['other-version.attack.test', [NOBODYS_ADDRESS, '::1']],
  ['mapped.attack.test', [NOBODYS_ADDRESS, '::ffff:127.0.0.1']],
]);

const NAMES = new Map<string, readonly string[]>([...SINGLE_NAMES, ...MIXED_NAMES]);

/** What the attacker's name server says. */
export const ATTACKERS_ZONE: Zone = (name, type, asking) => {
  if (name === REBOUND_NAME) return reboundAnswer(type, asking);
  return (NAMES.get(name) ?? []).filter((address) => isIP(address) === (type === 'A' ? 4 : 6));
};

function reboundAnswer(type: 'A' | 'AAAA', asking: number): string[] {
  if (asking === 1) return type === 'AAAA' ? [NOBODYS_ADDRESS] : [];
  return type === 'A' ? ['127.0.0.1'] : ['::1'];
}

/** URLs of host names that an attacker's name server knows; they can be told from harmless ones by a look-up only. */
export function namedUrls(port: number): string[] {
  return [...NAMES.keys()].map((name) => `https://${name}:${port}/`);
}

export function reboundUrl(port: number): string {
  return `https://${REBOUND_NAME}:${port}/`;
}

/** Every URL of the list, and those that lead to this machine once more, to where somebody listens. */
export function forbiddenUrls(port: number): string[] {
  return [...new Set([...FORBIDDEN_URLS, ...loopbackUrls(port)])];
}

/** The URLs of the list that lead to this machine, with the port at which somebody listens. */
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

/** The names that mean this machine and nothing else. */
export function loopbackNamedUrls(port: number): string[] {
  const names = [...SINGLE_NAMES].filter(([, addresses]) =>
    addresses.every((address) => isThisMachine(address)),
  );
  return names.map(([name]) => `https://${name}:${port}/`);
}

function isThisMachine(host: string): boolean {
  return /^(?:127(?:\.\d+){3}|0\.0\.0\.0|localhost|\[?(?:::1|::ffff:(?:127\.0\.0\.1|7f00:1))\]?)$/.test(host);
}
