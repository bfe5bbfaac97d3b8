import type {
  AcquireRequest,
  AdvanceFence,
  Convert,
  RequestRelease,
} from '../../../src/core/model/command.js';
import type { CoolingTerms } from '../../../src/core/model/cooling.js';
import type { FenceName } from '../../../src/core/model/fence.js';
import type { FencingToken, LeaseId, SessionId, TicketId, UserId } from '../../../src/core/model/ids.js';
import type { Lease } from '../../../src/core/model/lease.js';
import type { LockName } from '../../../src/core/model/lock-name.js';
import type { Outcome } from '../../../src/core/model/outcome.js';
import type { Instant } from '../../../src/core/model/time.js';
import type { WaitAnswer } from '../../../src/store/wait/waiting-clients.js';

/** A client's request, as it would arrive over HTTP. */
export type Request =
  | {
      readonly kind: 'acquire';
      readonly wants: AcquireRequest['wants'];
      readonly userId: UserId;
      readonly sessionId: SessionId | null;
      /** If null, the server generates it. */
      readonly leaseId: LeaseId | null;
      readonly ttlSeconds: number;
      readonly waitSeconds: number;
      readonly cooling: CoolingTerms;
    }
  | {
      readonly kind: 'release';
      /** Null names the lease by its id alone. */
      readonly lockName: LockName | null;
      readonly userId: UserId;
      readonly leaseId: LeaseId;
    }
  | {
      readonly kind: 'renew';
      readonly lockName: LockName | null;
      readonly userId: UserId;
      readonly leaseId: LeaseId;
      readonly ttlSeconds: number;
    }
  | {
      readonly kind: 'give_up_place';
      readonly lockName: LockName;
      readonly userId: UserId;
      readonly leaseId: LeaseId;
    }
  | Convert
  | RequestRelease
  | {
      readonly kind: 'break';
      readonly lockName: LockName;
      /** Null for someone with the admin key. */
      readonly brokenBy: UserId | null;
      readonly reason: string;
      /** One lease, or all that there are. */
      readonly token: FencingToken | null;
    }
  | { readonly kind: 'open_session'; readonly userId: UserId; readonly ttlSeconds: number }
  | {
      readonly kind: 'keep_session_alive' | 'close_session';
      readonly userId: UserId;
      readonly sessionId: SessionId;
    }
  | AdvanceFence
  | { readonly kind: 'fence'; readonly name: FenceName }
  | { readonly kind: 'status'; readonly lockName: LockName };

/** What a reader learns about a lock. */
export interface Status {
  readonly kind: 'status';
  readonly lease: Lease | null;
  /** Until when the lock is kept from everyone. */
  readonly availableAt: Instant | null;
  readonly lastFencingToken: FencingToken;
}

/** What a reader learns about a fence. */
export interface FenceStatus {
  readonly kind: 'fence';
  readonly highest: FencingToken;
}

/** The server did not accept the request, or does not know its outcome. */
export interface Refused {
  readonly kind: 'refused';
  readonly code: string;
}

export type Answer = Outcome | WaitAnswer | Status | FenceStatus | Refused;

/** One arrival of a request at the server. A request that arrives twice is two operations. */
export class Operation {
  readonly id: number;
  readonly request: Request;
  /** The id of the lease that this may be granted, chosen by the client or by the server. */
  readonly leaseId: LeaseId;
  /** The highest acknowledged token when this was sent. */
  readonly newestTokenBefore: number;
  /** The number of the last decision on which its answer rests. */
  decision = 0;
  /** The answer must wait until the durable time is past this instant. */
  restsOnInstant = -1;
  /** What was decided at once. A request that waits is answered through its ticket. */
  outcome: Answer | null = null;
  ticketId: TicketId | null = null;
  /** Whether the server knows that the client has disconnected. */
  hasLeft = false;
  isAnswered = false;
  readonly #gone = new AbortController();

  constructor(id: number, request: Request, leaseId: LeaseId, newestTokenBefore: number) {
    this.id = id;
    this.request = request;
    this.leaseId = leaseId;
    this.newestTokenBefore = newestTokenBefore;
  }

  get isQueued(): boolean {
    return this.ticketId !== null;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The server notices that the connection is closed. */
  leave(): void {
    if (this.isAnswered || this.hasLeft) return;
    this.hasLeft = true;
    this.#gone.abort();
  }
}
