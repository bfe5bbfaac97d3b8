import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';
import ipaddr from 'ipaddr.js';
import { clientAddressOf } from '../http/input/client-address.js';

/** How many groups of an IPv6 address identify the customer that a provider gave the network to. */
const IPV6_GROUPS = 4;

/** The addresses that requests come from. */
@Injectable()
export class ClientAddresses {
  constructor(private readonly host: HttpAdapterHost) {}

  /** See `clientAddressOf`. */
  of(request: IncomingMessage): string {
    return clientAddressOf(request, this.host.httpAdapter.getInstance<Express>());
  }
}

/**
 * Identifies a client for rate limits: an IPv4 address, or an IPv6 /64 network, since one client usually has all of its
 * addresses.
 */
export function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const groups = parsed.parts.slice(0, IPV6_GROUPS).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
