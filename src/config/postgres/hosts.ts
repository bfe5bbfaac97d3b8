import { isIPv4, isIPv6 } from 'node:net';
import { decode } from './decode.js';
import type { PostgresHost, PostgresUrl } from './postgres-url.js';
import { refuse } from './refusal.js';

type Hosts = PostgresUrl['hosts'];

const DEFAULT_PORT = 5432;
const PORT_MAX = 65_535;

/** Each of them is tried in turn, so more would only delay an error. */
const HOSTS_MAX = 8;

/** A host, which is empty if a parameter names a folder instead, and maybe a port. */
const HOST_AND_PORT = /^(?<host>\[[^[\]]*\]|[^:[\]]*)(?::(?<port>\d{1,5}))?$/;

const HOST_NAME = /^[A-Za-z0-9_.-]{1,253}$/;

/**
 * Reads `host[:port][,host2[:port2]]`. Throws `Refusal`.
 *
 * @param text the part of the URL between `@` and `/`.
 * @param socketFolder the value of the parameter `host`, which replaces an empty host. Null if there is none.
 */
export function readHosts(text: string, socketFolder: string | null): Hosts {
  const [first = '', ...others] = text.split(',');
  if (others.length >= HOSTS_MAX) refuse(`names more than ${HOSTS_MAX} hosts. Remove some`);
  if (socketFolder !== null) return [readSocket(text, socketFolder)];
  return [readHost(first), ...others.map(readHost)];
}

/** Whether connections to a host never leave this machine. */
export function isOnThisMachine({ host }: PostgresHost): boolean {
  return (
    isSocket(host) || host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
  );
}

/** Whether a host is the folder of a Unix socket. */
export function isSocket(host: string): boolean {
  return host.startsWith('/');
}

function readSocket(text: string, folder: string): PostgresHost {
  const { host, port } = split(text);
  if (host !== '') refuse('names a host twice: before the database, and with host=. Remove one of them');
  if (!isSocket(folder))
    refuse('has a host= that is not the absolute path of a folder. Write host names between @ and /');
  return { host: folder, port };
}

function readHost(text: string): PostgresHost {
  const { host, port } = split(text);
  if (host === '')
    refuse('must name a host after the @, or the folder of a socket with host=/run/postgresql');
  return { host: hostOf(host), port };
}

function split(text: string): PostgresHost {
  const parts = HOST_AND_PORT.exec(text)?.groups;
  if (parts === undefined)
    return refuse('has a host that is not valid. Write host:port, and an IPv6 address as [::1]');
  return { host: parts['host'] ?? '', port: portOf(parts['port']) };
}

function portOf(text: string | undefined): number {
  const port = text === undefined ? DEFAULT_PORT : Number(text);
  if (port < 1 || port > PORT_MAX) refuse(`has a port that is not between 1 and ${PORT_MAX}. Correct it`);
  return port;
}

function hostOf(text: string): string {
  const isBracketed = text.startsWith('[');
  const host = decode(isBracketed ? text.slice(1, -1) : text, 'a host');
  const isValid = isBracketed ? isIPv6(host) : HOST_NAME.test(host) || isSocket(host);
  return isValid ? host : refuse('has a host that is neither a host name nor an address. Correct it');
}
