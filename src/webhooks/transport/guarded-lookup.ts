import { isIPv6, type LookupFunction } from 'node:net';
import type { HostResolver } from './host-resolver.js';
import type { ReachableNetworks } from './reachable-networks.js';

/** A connection to an address that webhooks may not reach. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** The host's name means nothing to anybody. */
export class HostNotFoundError extends Error {
  override readonly name = 'HostNotFoundError';
}

/**
 * The look-up that a connection does itself, so what is checked here is what it connects to: a name that means something
 * else the next moment gains nothing. One address that may not be called refuses them all.
 */
export function guardedLookup(resolver: HostResolver, reachable: ReachableNetworks): LookupFunction {
  return (hostname, { all }, callback) => {
    const answer = (addresses: readonly string[]): void => {
      const [first] = addresses;
      if (first === undefined) return fail(new HostNotFoundError());
      if (!addresses.every((address) => reachable.includes(address))) return fail(new AddressRefusedError());
      if (all === true)
        callback(
          null,
          addresses.map((address) => ({ address, family: familyOf(address) })),
        );
      else callback(null, first, familyOf(first));
    };
    const fail = (error: Error): void => callback(error, all === true ? [] : '');
    resolver.addressesOf(hostname).then(answer, () => fail(new HostNotFoundError()));
  };
}

function familyOf(address: string): 4 | 6 {
  return isIPv6(address) ? 6 : 4;
}
