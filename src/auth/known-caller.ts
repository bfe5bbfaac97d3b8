import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { adminKeyOf } from './admin-key-header.js';
import { AdminKey } from './admin-key.js';
import { bearerHashOf, bearerTokenOf } from './tokens/bearer-token.js';

/** Tells whether a request comes from somebody, before it is known what it wants. Counts nothing and refuses nothing. */
@Injectable()
export class KnownCaller {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
  ) {}

  /** Whether the request brings a valid token, or a key for operators. */
  isBehind(request: IncomingMessage): boolean {
    const tokenHash = bearerHashOf(request);
    if (tokenHash !== null && this.accounts.callerWith(tokenHash) !== null) return true;
    const key = adminKeyOf(request) ?? bearerTokenOf(request);
    return key !== null && this.adminKey.opensMetrics(key);
  }
}
