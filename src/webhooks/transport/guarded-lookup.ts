import { isIPv6, type LookupFunction } from 'node:net';
import type { HostResolver } from './host-resolver.js';
import type { ReachableNetworks } from './reachable-networks.js';

/** The host has an address that webhooks may not be sent to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** No address is known for the host. */
export class HostNotFoundError extends Error {
  override readonly name = 'HostNotFoundError';
}

/**
 * A DNS lookup that checks addresses. The connection itself uses it, so the checked addresses are the ones that it connects
 * to, even if the name resolves differently a moment later. If any address is not allowed, the host is refused.
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
