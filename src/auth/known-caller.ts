import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { AdminKey } from './admin-key.js';
import { bearerHashOf, bearerTokenOf } from './tokens/bearer-token.js';

/** Tells whether a request comes from somebody, before it is known what it wants. Counts nothing and refuses nothing. */
@Injectable()
export class KnownCaller {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
  ) {}

  /** Whether the request brings a valid token or the admin key. */
  isBehind(request: IncomingMessage): boolean {
    const tokenHash = bearerHashOf(request);
    if (tokenHash !== null && this.accounts.callerWith(tokenHash) !== null) return true;
    const key = request.headers['x-admin-key'] ?? bearerTokenOf(request);
    return typeof key === 'string' && this.adminKey.matches(key);
  }
}
