import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { adminKeyOf } from './admin-key-header.js';
import { AdminKey } from './admin-key.js';
import { bearerHashOf, bearerTokenOf } from './tokens/bearer-token.js';

const UNKNOWN_CALLER = 'unknown';

/** Identifies the caller of a request before its handler runs. Counts nothing and refuses nothing. */
@Injectable()
export class KnownCaller {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
  ) {}

  /** The user whose valid token is in the request, or one name that stands for all unknown callers. */
  userOf(request: IncomingMessage): string {
    const tokenHash = bearerHashOf(request);
    return (tokenHash === null ? null : this.accounts.callerWith(tokenHash)?.userId) ?? UNKNOWN_CALLER;
  }

  /** Whether the request has a valid token or operator key. */
  isKnown(request: IncomingMessage): boolean {
    const tokenHash = bearerHashOf(request);
    if (tokenHash !== null && this.accounts.callerWith(tokenHash) !== null) return true;
    const key = adminKeyOf(request) ?? bearerTokenOf(request);
    return key !== null && this.adminKey.opensMetrics(key);
  }
}
