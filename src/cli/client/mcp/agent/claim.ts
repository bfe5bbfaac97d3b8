import type { LockHandle, ReleaseRequest } from '@octostore/client';
import { at, nowMs, wallMs, type CancelTimer } from '../../../../process/time.js';

/** How an agent holds what it has claimed. */
export type ClaimMode = 'exclusive' | 'shared';

/** What an agent has claimed in one call: some names under one lease, kept until a time unless the agent wants longer. */
export class Claim {
  readonly claimedAt = new Date(wallMs());
  #keptUntilMs = 0;
  #cancelEnd: CancelTimer = () => undefined;

  /** @param end called when the time is over. */
  constructor(
    readonly lock: LockHandle,
    readonly mode: ClaimMode,
    readonly purpose: string,
    private readonly end: (claim: Claim) => void,
  ) {}

  get names(): readonly string[] {
    return this.lock.locks.map(({ name }) => name);
  }

  /** When the claim is released unless the agent keeps it for longer. */
  get keptUntil(): Date {
    return new Date(wallMs() + this.#keptUntilMs - nowMs());
  }

  /** Keeps the claim for this long from now. */
  keepFor(seconds: number): void {
    this.#cancelEnd();
    this.#keptUntilMs = nowMs() + seconds * 1000;
    this.#cancelEnd = at(this.#keptUntilMs, () => this.end(this));
  }

  /** Forgets when to end the claim. */
  stopTimer(): void {
    this.#cancelEnd();
  }

  has(name: string): boolean {
    return this.names.includes(name);
  }
}

/** Someone else asks an agent to release a claim. */
export interface AskedFor {
  readonly kind: 'release_requested';
  readonly names: readonly string[];
  readonly request: ReleaseRequest;
}

/** An agent no longer has a claim, and did not release it. */
export interface Loss {
  readonly kind: 'lost';
  readonly names: readonly string[];
  readonly reason: string;
}

/** Something that an agent should know about one of its claims. */
export type Notice = AskedFor | Loss;
