import { CursorEntity } from './entities/cursor.entity.js';
import { DeliveryEntity } from './entities/delivery.entity.js';
import { EventEntity } from './entities/event.entity.js';
import { LeaseEntity } from './entities/lease.entity.js';
import { LoginPinEntity } from './entities/login-pin.entity.js';
import { SessionEntity } from './entities/session.entity.js';
import { TokenEntity } from './entities/token.entity.js';
import { UserEntity } from './entities/user.entity.js';
import { WebhookEntity } from './entities/webhook.entity.js';

/** The rows that a batch may write, by table. The `server` row is the journal's own. */
export interface Tables {
  leases: LeaseEntity;
  sessions: SessionEntity;
  events: EventEntity;
  users: UserEntity;
  tokens: TokenEntity;
  login_pins: LoginPinEntity;
  webhooks: WebhookEntity;
  deliveries: DeliveryEntity;
  cursors: CursorEntity;
}

export type TableName = keyof Tables;
export type Key = string | number;

/** Each table's entity and primary key. */
export const TABLES = {
  leases: { entity: LeaseEntity, keyOf: (row: LeaseEntity) => row.fencingToken },
  sessions: { entity: SessionEntity, keyOf: (row: SessionEntity) => row.sessionId },
  events: { entity: EventEntity, keyOf: (row: EventEntity) => row.sequence },
  users: { entity: UserEntity, keyOf: (row: UserEntity) => row.userId },
  tokens: { entity: TokenEntity, keyOf: (row: TokenEntity) => row.tokenHash },
  login_pins: { entity: LoginPinEntity, keyOf: (row: LoginPinEntity) => row.login },
  webhooks: { entity: WebhookEntity, keyOf: (row: WebhookEntity) => row.webhookId },
  deliveries: { entity: DeliveryEntity, keyOf: (row: DeliveryEntity) => row.deliveryId },
  cursors: { entity: CursorEntity, keyOf: (row: CursorEntity) => row.reader },
} as const satisfies { [T in TableName]: { entity: new () => Tables[T]; keyOf: (row: Tables[T]) => Key } };

export const TABLE_NAMES = Object.keys(TABLES) as TableName[];
