import type { TableName } from '../tables.js';
import { AuditEntity } from './entities/audit.entity.js';
import { BrokenLeaseEntity } from './entities/broken-lease.entity.js';
import { CoolingEntity } from './entities/cooling.entity.js';
import { CursorEntity } from './entities/cursor.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { EventEntity } from './entities/event.entity.js';
import { FenceEntity } from './entities/fence.entity.js';
import { LeaseEntity } from './entities/lease.entity.js';
import { LoginPinEntity } from './entities/login-pin.entity.js';
import { PolicyEntity } from './entities/policy.entity.js';
import { ProofKeyEntity } from './entities/proof-key.entity.js';
import { SessionEntity } from './entities/session.entity.js';
import { TokenEntity } from './entities/token.entity.js';
import { UsedStateEntity } from './entities/used-state.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { WebhookEntity } from './entities/webhook.entity.js';
import type { FlatRow } from './flat-rows.js';

/** The TypeORM entity of each table. SQL statements are built from its columns. */
export const ENTITIES: { readonly [T in TableName]: new () => FlatRow<T> } = {
  leases: LeaseEntity,
  sessions: SessionEntity,
  events: EventEntity,
  users: UserEntity,
  tokens: TokenEntity,
  login_pins: LoginPinEntity,
  webhooks: WebhookEntity,
  deliveries: DeliveryEntity,
  cursors: CursorEntity,
  coolings: CoolingEntity,
  broken_leases: BrokenLeaseEntity,
  fences: FenceEntity,
  proof_keys: ProofKeyEntity,
  used_states: UsedStateEntity,
  policies: PolicyEntity,
  audit_records: AuditEntity,
};
