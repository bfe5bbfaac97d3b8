import './dispose.js';

export type { ExpiringToken, TokenFunction } from './bearer.js';
export { checkedBaseUrl, checkedBaseUrls } from './checks.js';
export { OctoStoreClient, type ClientOptions } from './client.js';
export type { LeaseOptions } from './acquiring.js';
export type { Election, ElectOptions, Lead } from './election.js';
export * from './errors.js';
export type {
  ExplainedPlace,
  LockExplanation,
  LockWarning,
  PresentLease,
  TypicalDuration,
  WaitReason,
} from './explanation.js';
export { exchangedToken, type ExchangeOptions } from './exchanged-token.js';
export type { Fence, FenceApi } from './fence-api.js';
export type { HandleEvent, HandleEventType, HandleSubject, Observer } from './handle-events.js';
export type { HistoryOptions, HowHeld, LockHistory, PastLease } from './history.js';
export type { HoldAllOptions, HoldOptions } from './hold.js';
export { marginMs } from './keeper.js';
export type { Break, BreakOptions, RequestReleaseOptions } from './interventions.js';
export type { LeaseApi } from './lease-api.js';
export type { RenewOptions } from './lease-keeping.js';
export type { AcquireOptions, ListOptions } from './lock-api.js';
export type { LockHandle } from './lock.js';
export type * from './lock-types.js';
export { COOLING_RULES, REAL_PROGRAMS_RULES, RULES, SEVERAL_SERVERS_RULES } from './rules.js';
export type { QueueList, QueueListOptions, QueueSummary } from './queue-list.js';
export type { ServiceAccount, ServiceAccountApi, ServiceAccountOwner } from './service-account-api.js';
export type { SessionHandle } from './session.js';
export type {
  CreatedToken,
  CreateTokenOptions,
  Me,
  Token,
  TokenAction,
  TokenApi,
  TokenScope,
} from './token-api.js';
export type * from './types.js';
export type { Fetch } from './transport.js';
export { verifyWebhook } from './verify-webhook.js';
export type { PrefixState, Watch, WatchOptions, WatchUpdate } from './watch.js';
export type { DeliveriesOptions, WebhookApi } from './webhook-api.js';
