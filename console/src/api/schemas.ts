import type { components } from './openapi';

/** What the API sends and receives, from `openapi.yaml`. */
export type Schemas = components['schemas'];

export type Lease = Schemas['ListedLock'];
export type LockEvent = Schemas['LockEventBody'];
export type Explanation = Schemas['LockExplanation'];
export type PresentLease = Schemas['PresentLease'];
export type PastLease = Schemas['PastLease'];
export type Place = Schemas['ExplainedPlace'];
export type QueuePlace = Schemas['QueuePlace'];
export type Mode = Schemas['LockMode'];
export type Webhook = Schemas['WebhookResponse'];
export type Delivery = Schemas['DeliveryResponse'];
export type Token = Schemas['OwnTokenBody'];
export type Scope = Schemas['ScopeBody'];
