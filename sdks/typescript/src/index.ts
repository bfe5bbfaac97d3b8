import './dispose.js';

export { checkedBaseUrl } from './checks.js';
export { OctoStoreClient, type ClientOptions } from './client.js';
export type { LeaseOptions } from './acquiring.js';
export type { ElectOptions, Lead } from './election.js';
export * from './errors.js';
export type { HoldAllOptions, HoldOptions } from './hold.js';
export { marginMs } from './keeper.js';
export type { LeaseApi } from './lease-api.js';
export type { AcquireOptions, ListOptions } from './lock-api.js';
export type { LockHandle } from './lock.js';
export type * from './lock-types.js';
export { RULES } from './rules.js';
export type { SessionHandle } from './session.js';
export type * from './types.js';
export { verifyWebhook } from './verify-webhook.js';
export type { PrefixState, Watch, WatchOptions, WatchUpdate } from './watch.js';
export type { DeliveriesOptions, WebhookApi } from './webhook-api.js';
