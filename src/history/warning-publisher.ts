import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { Clock } from '../clock/clock.js';
import type { Warn } from '../core/model/command.js';
import type { LockWarning } from '../core/model/event.js';
import type { LoggedEvent } from '../journal/logged-event.js';
import { JobRunner } from '../store/jobs/job-runner.js';
import { LockStore } from '../store/lock-store.js';
import { PastLeases } from './past-leases.js';

/** How long warnings wait for others, so that they share a commit. */
const PUBLISH_EVERY_MS = 1_000;

/** A lock gets no more than one warning of each kind in this time. */
const QUIET_MS = 60_000;

/** How many warnings may wait. Those beyond that are only counted: if so many locks are affected, no one needs to read each. */
const WAITING_MAX = 100;

/**
 * Logs warnings as events. They are noticed when commits are reported, and a client that waits for a commit must not wait for them. So
 * they are collected, and logged together once a second. A server that stops with some still waiting forgets those.
 */
@Injectable()
export class WarningPublisher {
  readonly #waiting = new Map<string, Warn>();
  /** When each lock last got a warning of each kind, the longest ago first. */
  readonly #loggedAtMs = new Map<string, number>();

  constructor(
    pastLeases: PastLeases,
    private readonly store: LockStore,
    private readonly jobs: JobRunner,
    private readonly clock: Clock,
  ) {
    pastLeases.onWarning((warning, event) => this.#notice(warning, event));
  }

  @Interval(PUBLISH_EVERY_MS)
  async publish(): Promise<void> {
    if (this.#waiting.size > 0) await this.jobs.run('warnings', () => this.#publish());
  }

  #notice(warning: LockWarning, event: LoggedEvent): void {
    const { lockName } = event.subject;
    const key = `${warning.kind} ${lockName}`;
    if (this.#waiting.has(key) || this.#waiting.size >= WAITING_MAX || this.#isQuiet(key)) return;
    const { holder, fencingToken, metadata, hold, leaseLocks } = event.body;
    const lease = { holder, fencingToken, metadata, hold, leaseLocks };
    this.#waiting.set(key, { kind: 'warn', lockName, lease, warning });
  }

  #isQuiet(key: string): boolean {
    const loggedAtMs = this.#loggedAtMs.get(key);
    return loggedAtMs !== undefined && this.clock.monotonicMs() - loggedAtMs < QUIET_MS;
  }

  async #publish(): Promise<void> {
    this.#forgetOld();
    const warnings = [...this.#waiting];
    this.#waiting.clear();
    const nowMs = this.clock.monotonicMs();
    for (const [key] of warnings) {
      this.#loggedAtMs.delete(key);
      this.#loggedAtMs.set(key, nowMs);
    }
    // A store that accepts nothing new needs no warnings about it.
    await Promise.allSettled(warnings.map(([, command]) => this.store.execute(command)));
  }

  #forgetOld(): void {
    for (const key of this.#loggedAtMs.keys()) {
      if (this.#isQuiet(key)) return;
      this.#loggedAtMs.delete(key);
    }
  }
}
