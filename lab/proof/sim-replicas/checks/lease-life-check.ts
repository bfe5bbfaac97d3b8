import type { Change } from '../../../../src/core/model/change.js';
import type { Lease } from '../../../../src/core/model/lease.js';
import type { Step } from '../../../../src/core/step.js';
import type { Batch } from '../../../../src/journal/batch.js';
import type { LineCheck } from './line-check.js';

/** A lease since it was granted or renewed. */
interface Life {
  readonly sinceMs: number;
  readonly ttlSeconds: number;
  /** Up to then, see `LineCheck`. */
  readonly outageMs: number;
  readonly lagMs: number;
  readonly aheadMs: number;
}

/** A step of the law, and when it was decided, in true time. Its commit may have waited for long. */
export interface DatedStep {
  readonly step: Step;
  readonly atMs: number;
}

interface Parts {
  readonly line: LineCheck;
  readonly drift: number;
  readonly graceSeconds: number;
  /** How late a sweep may be. */
  readonly sweepEveryMs: number;
  readonly report: (broken: string) => void;
}

/** Instants are whole milliseconds, on both ends. */
const ROUNDING_MS = 3;

/** A commit is handed over before it is sent, and waits for the one that is under way. */
const LATE_MS = 2_000;

/**
 * Compares the life of each lease with true time, over all leaders. It lasts for its TTL at least. If it is not renewed, it lasts for
 * the TTL, the outages, the time in which the line stood still, and one time to renew at most.
 */
export class LeaseLifeCheck {
  readonly #parts: Parts;
  readonly #lives = new Map<number, Life>();
  readonly #stepsOf = new WeakMap<Batch, readonly DatedStep[]>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  begun(batch: Batch, steps: readonly DatedStep[]): void {
    this.#stepsOf.set(batch, steps);
  }

  kept(batch: Batch): void {
    const committedAtMs = this.#parts.line.begunAtMs(batch);
    for (const { step, atMs } of this.#stepsOf.get(batch) ?? [])
      for (const change of step.changes) this.#follow(change, step, atMs, committedAtMs);
    for (const [token, life] of this.#lives) this.#expectNotTooOld(token, life, committedAtMs);
  }

  /** Commits were lost, and their leases with them. */
  lost(): void {
    this.#lives.clear();
  }

  #follow(change: Change, step: Step, atMs: number, committedAtMs: number): void {
    if (change.kind === 'lease_granted' || change.kind === 'lease_extended')
      this.#begin(change.lease, atMs, committedAtMs);
    if (change.kind === 'lease_converted') this.#convert(change.from.fencingToken, change.to.fencingToken);
    if (change.kind === 'lease_ended') this.#end(change.lease, step, atMs);
  }

  #begin({ fencingToken, ttlSeconds }: Lease, sinceMs: number, committedAtMs: number): void {
    const { outageMs, lagMs, aheadMs } = this.#parts.line;
    // Its own commit may have waited for an outage to end.
    const waitedMs = committedAtMs - sinceMs;
    this.#lives.set(fencingToken, { sinceMs, ttlSeconds, outageMs: outageMs - waitedMs, lagMs, aheadMs });
  }

  /** It keeps its deadline. */
  #convert(from: number, to: number): void {
    const life = this.#lives.get(from);
    this.#lives.delete(from);
    if (life !== undefined) this.#lives.set(to, life);
  }

  #end({ fencingToken, holder }: Lease, { events }: Step, atMs: number): void {
    const life = this.#lives.get(fencingToken);
    this.#lives.delete(fencingToken);
    const isExpired = events.some(
      ({ type, body }) => type === 'expired' && body.fencingToken === fencingToken,
    );
    // A lease may end with its session, which has a time of its own.
    if (life === undefined || !isExpired || holder.sessionId !== null) return;
    const { drift, line, report } = this.#parts;
    const lastedMs = atMs - life.sinceMs;
    const aheadMs = line.aheadMs - life.aheadMs;
    if (lastedMs < 1000 * life.ttlSeconds * (1 - drift) - aheadMs - ROUNDING_MS)
      report(`the lease with token ${fencingToken} ended after ${lastedMs} ms of ${life.ttlSeconds} s`);
  }

  #expectNotTooOld(token: number, life: Life, atMs: number): void {
    const { line, graceSeconds, sweepEveryMs, drift, report } = this.#parts;
    const lastedMs = atMs - life.sinceMs;
    const outageMs = line.outageMs - life.outageMs;
    const lagMs = line.lagMs - life.lagMs;
    const mostMs = 1000 * (life.ttlSeconds + graceSeconds) + outageMs + lagMs + sweepEveryMs + LATE_MS;
    if (lastedMs <= mostMs * (1 + drift)) return;
    const reasons = `TTL ${life.ttlSeconds} s, outage ${outageMs} ms, grace ${graceSeconds} s, lag ${lagMs} ms`;
    report(`the lease with token ${token} has lasted for ${lastedMs} ms (${reasons})`);
  }
}
