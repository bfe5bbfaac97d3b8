import type { Brand } from './brand.js';

/** Identifies an account. A UUID. */
export type UserId = Brand<string, 'UserId'>;

/** Identifies a session. A UUID, minted by the server. */
export type SessionId = Brand<string, 'SessionId'>;

/** Identifies a lease to its holder. A UUID, chosen by the client or else minted by the server. */
export type LeaseId = Brand<string, 'LeaseId'>;

/** Identifies a request that waits, as long as it waits. Never leaves the process. */
export type TicketId = Brand<number, 'TicketId'>;

/** The number minted with a grant. Strictly increasing over all locks, for ever; 0 means that none was issued. */
export type FencingToken = Brand<number, 'FencingToken'>;

/** The position of an event in the log. Strictly increasing; 0 is the position before the first event. */
export type Sequence = Brand<number, 'Sequence'>;
