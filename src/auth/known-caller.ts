import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { adminKeyOf } from './admin-key-header.js';
import { AdminKey } from './admin-key.js';
import { SessionCallers } from './browser/session-callers.js';
import type { Caller } from './caller.js';
import { bearerHashOf, bearerTokenOf } from './tokens/bearer-token.js';

const UNKNOWN_CALLER = 'unknown';

/** Identifies the caller of a request before its handler runs. Counts nothing and refuses nothing. */
@Injectable()
export class KnownCaller {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
    private readonly sessions: SessionCallers,
  ) {}

  /** The user whose valid token or browser session is in the request, or one name that stands for all unknown callers. */
  userOf(request: IncomingMessage): string {
    return this.#callerOf(request)?.userId ?? UNKNOWN_CALLER;
  }

  /** Whether the request has a valid token, browser session or operator key. */
  isKnown(request: IncomingMessage): boolean {
    if (this.#callerOf(request) !== null) return true;
    const key = adminKeyOf(request) ?? bearerTokenOf(request);
    return key !== null && this.adminKey.opensMetrics(key);
  }

  #callerOf(request: IncomingMessage): Caller | null {
    if (request.headers.authorization === undefined) return this.sessions.find(request);
    const tokenHash = bearerHashOf(request);
    return tokenHash === null ? null : this.accounts.callerWith(tokenHash);
  }
}
