import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** Everything that is routed on the public internet under version 6; the rest is unassigned or of local meaning. */
const IPV6_GLOBAL = ipaddr.parseCIDR('2000::/3');

/** IPv6 ranges whose addresses lead to an IPv4 address, with the byte at which that one stands. */
const IPV6_CARRIERS = [
  { range: '::ffff:0:0/96', at: 12 },
  { range: '64:ff9b::/96', at: 12 },
  { range: '2002::/16', at: 2 },
].map(({ range, at }) => ({ range: ipaddr.parseCIDR(range), at }));

/**
 * Whether a numeric address belongs to the public internet, so that connecting to it tells nobody anything about this
 * machine or the networks it is in. Private, loopback, link-local, shared, multicast, documentation and reserved ranges do
 * not, nor do IPv6 addresses that only wrap such an IPv4 address. What is no numeric address is not public either.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  return address instanceof ipaddr.IPv6 ? isPublicIPv6(address) : isUnicast(address);
}

function isPublicIPv6(address: IPv6): boolean {
  const carried = carriedIPv4(address);
  if (carried !== null) return isUnicast(carried);
  return isUnicast(address) && address.match(IPV6_GLOBAL);
}

/** The IPv4 address that an IPv6 address only wraps; null if it wraps none. */
export function carriedIPv4(address: IPv4 | IPv6): IPv4 | null {
  if (address instanceof ipaddr.IPv4) return null;
  const carrier = IPV6_CARRIERS.find(({ range }) => address.match(range));
  if (carrier === undefined) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(carrier.at, carrier.at + 4));
}

function isUnicast(address: IPv4 | IPv6): boolean {
  return address.range() === 'unicast';
}
