import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express } from 'express';
import ipaddr from 'ipaddr.js';

/** IPv6 networks of this many groups are given to one customer. */
const IPV6_GROUPS = 4;

/** Where requests come from. */
@Injectable()
export class ClientAddresses {
  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * The address of the client: that of the connection, or what a proxy says that `TRUST_PROXY` names. Empty once the connection
   * has gone. Express decides, also for requests that it does not serve.
   */
  of(request: IncomingMessage): string {
    const app = this.host.httpAdapter.getInstance<Express>();
    const view: unknown = Object.create(request, { app: { value: app } });
    const address: unknown = Reflect.get(app.request, 'ip', view);
    return typeof address === 'string' ? address : '';
  }
}

/** What clients are told apart by: an IPv4 address, or an IPv6 network, since one client usually has all 2^64 addresses of it. */
export function clientOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const groups = parsed.parts.slice(0, IPV6_GROUPS).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}
