import type { ErrorCode } from '../errors/error-table.js';
import type { JsonObject } from '../journal/canonical-json.js';
import type { AuditAction } from './audit-action.js';
import type { Origin } from './origin.js';

/** What an act is done to, such as `{ kind: 'token', id: 'ba7816bf8f01cfea' }`. The id is never a secret. */
export interface AuditSubject {
  readonly kind: 'user' | 'token' | 'policy' | 'lock' | 'fence' | 'webhook' | 'database' | 'server' | 'audit';
  readonly id: string;
}

/** What the audit records of an act. */
export interface AuditEntry {
  readonly action: AuditAction;
  readonly origin: Origin;
  /** Null if the act has no subject, or if it is not known. */
  readonly subject: AuditSubject | null;
  /** Whether it was done, or the code with which it was refused. */
  readonly outcome: 'ok' | { readonly refused: ErrorCode };
  /** Anything else that is worth keeping. Never a secret. */
  readonly details?: JsonObject;
}
