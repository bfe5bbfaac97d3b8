import type { LoggedEvent } from './logged-event.js';
import type { AuditRow } from './rows/audit-row.js';
import type { BrokenLeaseRow } from './rows/broken-lease-row.js';
import type { CoolingRow } from './rows/cooling-row.js';
import type { CursorRow } from './rows/cursor-row.js';
import type { DeliveryRow } from './rows/delivery-row.js';
import type { FenceRow } from './rows/fence-row.js';
import type { LeaseRow } from './rows/lease-row.js';
import type { LoginPinRow } from './rows/login-pin-row.js';
import type { MembershipRow } from './rows/membership-row.js';
import type { PolicyRow } from './rows/policy-row.js';
import type { ProofKeyRow } from './rows/proof-key-row.js';
import type { ServiceAccountRow } from './rows/service-account-row.js';
import type { SessionRow } from './rows/session-row.js';
import type { TokenRow } from './rows/token-row.js';
import type { UsedStateRow } from './rows/used-state-row.js';
import type { UserRow } from './rows/user-row.js';
import type { WebhookRow } from './rows/webhook-row.js';

/** The rows that a batch may write, by table. The journal itself writes the `server` row. */
export interface Tables {
  leases: LeaseRow;
  sessions: SessionRow;
  events: LoggedEvent;
  users: UserRow;
  tokens: TokenRow;
  login_pins: LoginPinRow;
  webhooks: WebhookRow;
  deliveries: DeliveryRow;
  cursors: CursorRow;
  coolings: CoolingRow;
  broken_leases: BrokenLeaseRow;
  fences: FenceRow;
  proof_keys: ProofKeyRow;
  used_states: UsedStateRow;
  policies: PolicyRow;
  memberships: MembershipRow;
  audit_records: AuditRow;
  service_accounts: ServiceAccountRow;
}

export type TableName = keyof Tables;

/** Tables whose rows can be replaced and removed. Events are only ever added. */
export type ChangingTable = Exclude<TableName, 'events'>;

export type Key = string | number;

/** Each table's primary key. */
export const TABLES = {
  leases: { keyOf: (row: LeaseRow) => row.fencingToken },
  sessions: { keyOf: (row: SessionRow) => row.sessionId },
  events: { keyOf: (event: LoggedEvent) => event.sequence },
  users: { keyOf: (row: UserRow) => row.userId },
  tokens: { keyOf: (row: TokenRow) => row.tokenHash },
  login_pins: { keyOf: (row: LoginPinRow) => row.login },
  webhooks: { keyOf: (row: WebhookRow) => row.webhookId },
  deliveries: { keyOf: (row: DeliveryRow) => row.deliveryId },
  cursors: { keyOf: (row: CursorRow) => row.reader },
  coolings: { keyOf: (row: CoolingRow) => row.lockName },
  broken_leases: { keyOf: (row: BrokenLeaseRow) => row.fencingToken },
  fences: { keyOf: (row: FenceRow) => row.name },
  proof_keys: { keyOf: (row: ProofKeyRow) => row.keyId },
  used_states: { keyOf: (row: UsedStateRow) => row.stateHash },
  policies: { keyOf: (row: PolicyRow) => row.version },
  memberships: { keyOf: (row: MembershipRow) => row.userId },
  audit_records: { keyOf: (row: AuditRow) => row.number },
  service_accounts: { keyOf: (row: ServiceAccountRow) => row.userId },
} as const satisfies { [T in TableName]: { keyOf: (row: Tables[T]) => Key } };

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** Other orders in which rows can be read. The first column has one given value, and the second column orders the rows. */
export const INDEXES = {
  deliveries: { of_webhook: ['webhookId', 'sequence'] },
} as const satisfies {
  [T in TableName]?: Record<string, readonly [of: keyof Tables[T], by: keyof Tables[T]]>;
};
