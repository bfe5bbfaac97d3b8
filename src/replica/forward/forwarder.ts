import type { ServerResponse } from 'node:http';
import type { SecureContext } from 'node:tls';
import type { Clock } from '../../clock/clock.js';
import type { Replies } from '../../http/answer/replies.js';
import type { Connection } from '../../http/connections/connection.js';
import type { ServiceRequest } from '../../http/input/service-request.js';
import type { Tracing } from '../../tracing/tracing.js';
import type { ForwardObserver } from './forward-observer.js';
import { leaderConnector } from './leader-connector.js';
import { LeaderProbe } from './leader-probe.js';
import type { LeaderTarget } from './leader-target.js';
import { Leader } from './leader.js';
import type { Leaders } from './leaders.js';
import { PendingRequest, type PendingParts } from './pending-request.js';

/**
 * How long the answers of a server that no longer leads may take to arrive, in milliseconds. It has decided these requests before it let
 * another one lead. A server that was frozen or cut off has no answers, so this adds to the time that its requests take.
 */
export const LAST_ANSWERS_MS = 500;

export interface ForwarderParts {
  readonly clock: Clock;
  readonly replies: Replies;
  readonly observer: ForwardObserver;
  readonly tracing: Tracing;
  /** The value of the header that shows the leader that this server may name its clients. */
  readonly key: string;
  /** Whom to trust if the leader's URL is https. Null for the usual certificate authorities. */
  readonly trust: SecureContext | null;
  /** The address of a request's client. */
  readonly clientOf: (request: ServiceRequest) => string;
}

/**
 * Forwards requests to the server that leads, and holds them while there is none. Requests that are held or under way have no limit
 * of their own: each client connection has one at most, and the number of connections is limited.
 */
export class Forwarder implements Leaders {
  readonly #parts: ForwarderParts;
  readonly #pendingParts: PendingParts;
  readonly #connect: ReturnType<typeof leaderConnector>;
  #target: LeaderTarget | null = null;
  #current: Leader | null = null;
  #probe: LeaderProbe | null = null;
  /** Those that have led before, with answers that may still arrive. */
  #former: Leader[] = [];
  #listeners = new Set<() => void>();
  #drainListeners = new Set<() => void>();
  #isDraining = false;
  #isClosed = false;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#pendingParts = { ...parts, leaders: this };
    this.#connect = leaderConnector(parts.trust);
  }

  get current(): Leader | null {
    return this.#current;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the leader is known and has answered lately. */
  get isLeaderReachable(): boolean {
    return this.#probe?.isReachable ?? false;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#probe?.hurry();
    return () => this.#listeners.delete(listener);
  }

  onDrain(listener: () => void): () => void {
    this.#drainListeners.add(listener);
    return () => this.#drainListeners.delete(listener);
  }

  /** Forwards a request whose body has been read. */
  forward(request: ServiceRequest, response: ServerResponse, connection: Connection): void {
    new PendingRequest(request, response, this.#pendingParts).start(connection);
  }

  /**
   * From now on forwards to this server. Null if no one leads. What is under way to the server of another term is ended a moment
   * later, and sent again if that is safe. As long as no other term is known, answers may still arrive.
   */
  forwardTo(target: LeaderTarget | null): void {
    if (isSame(this.#target, target)) return;
    this.#target = target;
    this.#probe?.stop();
    if (this.#current !== null) this.#former.push(this.#current);
    this.#current = target === null ? null : this.#leaderAt(target);
    this.#probe = this.#current === null ? null : this.#probeOf(this.#current);
    if (target === null) return;
    const former = new Set(this.#former);
    this.#parts.clock.after(LAST_ANSWERS_MS, () =>
      this.#abandon((leader) => former.has(leader) && leader.target.reign !== target.reign),
    );
    this.#wake();
  }

  /** Ends all waits and event streams, and accepts no more of them. Their clients can go on at another server. */
  drain(): void {
    this.#isDraining = true;
    const listeners = this.#drainListeners;
    this.#drainListeners = new Set();
    for (const listener of listeners) listener();
  }

  /** Ends everything that is under way or held, and accepts nothing more. */
  close(): void {
    this.drain();
    this.forwardTo(null);
    this.#isClosed = true;
    this.#abandon(() => true);
    this.#wake();
  }

  /** Null if the leader has not said yet where it can be reached. */
  #leaderAt(target: LeaderTarget): Leader | null {
    if (!URL.canParse(target.url)) return null;
    return new Leader(target, { ...this.#parts, connect: this.#connect });
  }

  #probeOf(leader: Leader): LeaderProbe {
    const { clock } = this.#parts;
    const probe = new LeaderProbe({
      clock,
      leader,
      onReached: () => {
        leader.keepLink();
        this.#wake();
      },
      onSilent: () => leader.abandon(),
    });
    probe.start();
    return probe;
  }

  #abandon(isOver: (leader: Leader) => boolean): void {
    const over = this.#former.filter((leader) => isOver(leader) || leader.underWay === 0);
    this.#former = this.#former.filter((leader) => !over.includes(leader));
    for (const leader of over) leader.retire();
  }

  #wake(): void {
    const listeners = this.#listeners;
    this.#listeners = new Set();
    for (const listener of listeners) listener();
  }
}

function isSame(one: LeaderTarget | null, other: LeaderTarget | null): boolean {
  return one?.url === other?.url && one?.reign === other?.reign;
}
