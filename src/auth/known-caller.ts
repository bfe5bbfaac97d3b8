import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { adminKeyOf } from './admin-key-header.js';
import { AdminKey } from './admin-key.js';
import { bearerHashOf, bearerTokenOf } from './tokens/bearer-token.js';

const STRANGER = 'stranger';

/** Tells whether a request comes from somebody, before it is known what it wants. Counts nothing and refuses nothing. */
@Injectable()
export class KnownCaller {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
  ) {}

  /** The user whose valid token the request brings, or one name for all strangers. */
  userOf(request: IncomingMessage): string {
    const tokenHash = bearerHashOf(request);
    return (tokenHash === null ? null : this.accounts.callerWith(tokenHash)?.userId) ?? STRANGER;
  }

  /** Whether the request brings a valid token, or a key for operators. */
  isBehind(request: IncomingMessage): boolean {
    const tokenHash = bearerHashOf(request);
    if (tokenHash !== null && this.accounts.callerWith(tokenHash) !== null) return true;
    const key = adminKeyOf(request) ?? bearerTokenOf(request);
    return key !== null && this.adminKey.opensMetrics(key);
  }
}
