import ipaddr, { type IPv4, type IPv6 } from 'ipaddr.js';
import { carriedIPv4, isPublicAddress } from './public-address.js';

type Address = IPv4 | IPv6;
type Network = [Address, number];

/** Stands for all private networks in the setting. */
const ALL_PRIVATE = 'true';

/** What `true` allows: networks inside a company, but not this machine and its link-local neighbours. */
const PRIVATE_RANGES: ReadonlySet<string> = new Set(['private', 'uniqueLocal', 'carrierGradeNat']);

/** Private addresses where cloud machines get credentials. `true` does not allow them. */
const METADATA_SERVICES = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200'].map((text) =>
  ipaddr.parse(text),
);

/** The addresses that webhooks may be sent to: the public internet, and what else the operator allows. */
export class ReachableNetworks {
  readonly #isPrivateOpen: boolean;
  readonly #named: readonly Network[];

  /** @param setting Networks, addresses, and `true` for all private networks. Empty for the public internet only. */
  constructor(setting: readonly string[]) {
    this.#isPrivateOpen = setting.includes(ALL_PRIVATE);
    this.#named = setting.filter((item) => item !== ALL_PRIVATE).map(networkOf);
  }

  /** Whether this machine itself may be called by its usual name. */
  get includesLocalhost(): boolean {
    return this.includes('127.0.0.1') || this.includes('::1');
  }

  /** Whether a numeric address may be called. An IPv6 address that contains an IPv4 address counts as that. */
  includes(text: string): boolean {
    if (isPublicAddress(text)) return true;
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.parse(text);
    const meant = carriedIPv4(address) ?? address;
    return this.#isNamed(meant) || (this.#isPrivateOpen && isPrivate(meant));
  }

  #isNamed(address: Address): boolean {
    return this.#named.some((network) => network[0].kind() === address.kind() && address.match(network));
  }
}

function isPrivate(address: Address): boolean {
  const isMetadata = METADATA_SERVICES.some((service) => service.toString() === address.toString());
  return PRIVATE_RANGES.has(address.range()) && !isMetadata;
}

function networkOf(text: string): Network {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
