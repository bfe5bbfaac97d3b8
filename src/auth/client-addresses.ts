import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';
import ipaddr from 'ipaddr.js';

/** How many groups of an IPv6 address identify the customer that a provider gave the network to. */
const IPV6_GROUPS = 4;

/** The addresses that requests come from. */
@Injectable()
export class ClientAddresses {
  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * The client's address: that of the connection, or the one that a proxy trusted by `TRUST_PROXY` reports. Empty once the
   * connection has closed. Express determines it, even for requests that Express does not serve.
   */
  of(request: IncomingMessage): string {
    const app = this.host.httpAdapter.getInstance<Express>();
    const view: unknown = Object.create(request, { app: { value: app } });
    const address: unknown = Reflect.get(app.request, 'ip', view);
    return typeof address === 'string' ? address : '';
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
