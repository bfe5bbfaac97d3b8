import { Injectable } from '@nestjs/common';
import type { AuditAction } from '../audit/audit-action.js';
import type { Origin } from '../audit/origin.js';
import { Accounts } from './accounts.js';
import { AdminKey } from './admin-key.js';
import type { Attempt } from './audit-refusals.js';
import { SERVICE_NAME } from './services/limits.js';
import { TOKEN_PREFIX } from './tokens/token-format.js';
import { TOKEN_ID } from './tokens/valid-token.js';

const NAME = new RegExp(SERVICE_NAME.pattern);

/** What the audit records of an attempt whose subject stands in the path. By mistake, someone may put a token or a key there. */
@Injectable()
export class Attempts {
  constructor(
    private readonly accounts: Accounts,
    private readonly adminKey: AdminKey,
  ) {}

  onToken(action: AuditAction, id: string, origin: Origin): Attempt {
    return { action, origin, subject: this.#isNamed(id, TOKEN_ID) ? { kind: 'token', id } : null };
  }

  /** On a service account, which may not exist. */
  onService(action: AuditAction, name: string, origin: Origin): Attempt {
    const user = this.#isNamed(name, NAME) ? `service:${name}` : null;
    return { action, origin, subject: null, details: { user } };
  }

  /** On a token of a service account. */
  onTokenOf(name: string, action: AuditAction, id: string, origin: Origin): Attempt {
    const { subject } = this.onToken(action, id, origin);
    return { ...this.onService(action, name, origin), subject };
  }

  /** Whether a text in the path has this shape, and is no secret. */
  #isNamed(text: string, shape: RegExp): boolean {
    if (!shape.test(text) || text.startsWith(TOKEN_PREFIX)) return false;
    return this.accounts.callerOf(text) === null && !this.adminKey.opensMetrics(text);
  }
}
