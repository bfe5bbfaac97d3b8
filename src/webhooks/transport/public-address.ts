import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';

/** All IPv6 addresses that are routed on the public internet. The rest is unassigned or local. */
const IPV6_GLOBAL = ipaddr.parseCIDR('2000::/3');

/** IPv6 ranges whose addresses contain an IPv4 address. `at` is the position of its first byte. */
const IPV6_CARRIERS = [
  { range: '::ffff:0:0/96', at: 12 },
  { range: '64:ff9b::/96', at: 12 },
  { range: '2002::/16', at: 2 },
].map(({ range, at }) => ({ range: ipaddr.parseCIDR(range), at }));

/**
 * Whether a text is a numeric address on the public internet, so that a connection to it reveals nothing about this machine
 * and its networks. Private, loopback, link-local, shared, multicast, documentation and reserved addresses are not public,
 * and neither are IPv6 addresses that contain such an IPv4 address.
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

/** The IPv4 address that an IPv6 address contains. Null if it contains none. */
export function carriedIPv4(address: IPv4 | IPv6): IPv4 | null {
  if (address instanceof ipaddr.IPv4) return null;
  const carrier = IPV6_CARRIERS.find(({ range }) => address.match(range));
  if (carrier === undefined) return null;
  return new ipaddr.IPv4(address.toByteArray().slice(carrier.at, carrier.at + 4));
}

function isUnicast(address: IPv4 | IPv6): boolean {
  return address.range() === 'unicast';
}
