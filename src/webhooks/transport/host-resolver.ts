import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { Injectable } from '@nestjs/common';

const HOSTS_FILE = '/etc/hosts';

/** The timeout per query in milliseconds, and the number of tries per name server. Four seconds at most in total. */
const QUERY = { timeout: 1_000, tries: 2 } as const;

/** Finds the addresses of a host. */
export abstract class HostResolver {
  /** All addresses of a host name, IPv4 first. Rejects if none is known. */
  abstract addressesOf(hostname: string): Promise<string[]>;
}

/**
 * Looks in the machine's hosts file, then asks its name servers. It does not use the system's `getaddrinfo`, which blocks one
 * of the few threads that also write the database. A name server that never answers could then delay every lock.
 */
@Injectable()
export class SystemHostResolver extends HostResolver {
  async addressesOf(hostname: string): Promise<string[]> {
    const listed = await this.#inHostsFile(hostname);
    if (listed.length > 0) return listed;
    const resolver = this.nameServers();
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0) throw new Error(`no address is known for ${hostname}`);
    return addresses;
  }

  /** Created for each lookup, because the machine's name servers may change. */
  protected nameServers(): Resolver {
    return new Resolver(QUERY);
  }

  async #inHostsFile(hostname: string): Promise<string[]> {
    const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
    return hostsFileAddresses(text, hostname);
  }
}

/** The addresses of a name in the text of a hosts file, IPv4 first. */
export function hostsFileAddresses(text: string, hostname: string): string[] {
  const wanted = hostname.toLowerCase();
  const addresses: string[] = [];
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address !== undefined && names.some((name) => name.toLowerCase() === wanted)) addresses.push(address);
  }
  return addresses.toSorted((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
}
