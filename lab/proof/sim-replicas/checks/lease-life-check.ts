import type { Batch } from '../../../../src/journal/batch.js';
import type { Step } from '../../../../src/core/step.js';
import type { LineCheck } from './line-check.js';

/** A lease since it was last granted, renewed or converted. */
interface Life {
  readonly sinceMs: number;
  readonly deadline: number;
  readonly ttlSeconds: number;
  readonly outageMs: number;
  readonly lagMs: number;
  readonly aheadMs: number;
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
  /** When each deadline was decided, and each expiry, in true time. Their commits may have waited for long. */
  readonly #decidedAtMs = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  decided({ changes, events }: Step, atMs: number): void {
    for (const change of changes) {
      if (change.kind === 'lease_granted' || change.kind === 'lease_extended')
        this.#decidedAtMs.set(lifeOf(change.lease), atMs);
      // It keeps its deadline, and may have a new token.
      if (change.kind === 'lease_converted')
        this.#decidedAtMs.set(lifeOf(change.to), this.#decidedAtMs.get(lifeOf(change.from)) ?? atMs);
    }
    for (const { type, sequence } of events)
      if (type === 'expired') this.#decidedAtMs.set(expiryOf(sequence), atMs);
  }

  kept(batch: Batch): void {
    const { line } = this.#parts;
    const atMs = line.begunAtMs(batch);
    const expired = batch.rows.events.filter(({ type }) => type === 'expired');
    for (const { body, sequence } of expired)
      this.#expired(
        body.fencingToken,
        body.holder.sessionId !== null,
        this.#decidedAtMs.get(expiryOf(sequence)) ?? atMs,
      );
    const { put, removed } = batch.rows.of('leases');
    for (const token of removed) this.#lives.delete(Number(token));
    for (const row of put) {
      const { fencingToken, ttlSeconds, deadline } = row;
      if (this.#lives.get(fencingToken)?.deadline === deadline) continue;
      const { lagMs, aheadMs } = line;
      const sinceMs = this.#decidedAtMs.get(lifeOf(row)) ?? atMs;
      // Its own commit may have waited for an outage to end.
      const outageMs = line.outageMs - (atMs - sinceMs);
      this.#lives.set(fencingToken, { sinceMs, deadline, ttlSeconds, outageMs, lagMs, aheadMs });
    }
    for (const [token, life] of this.#lives) this.#expectNotTooOld(token, life, atMs);
  }

  /** Commits were lost, and their leases with them. */
  lost(): void {
    this.#lives.clear();
  }

  #expired(token: number, isOfSession: boolean, atMs: number): void {
    const life = this.#lives.get(token);
    // A lease may end with its session, which has a time of its own.
    if (life === undefined || isOfSession) return;
    const lastedMs = atMs - life.sinceMs;
    const { drift, line } = this.#parts;
    const aheadMs = line.aheadMs - life.aheadMs;
    const leastMs = 1000 * life.ttlSeconds * (1 - drift) - aheadMs - ROUNDING_MS;
    if (lastedMs < leastMs)
      this.#parts.report(`the lease with token ${token} ended after ${lastedMs} ms of ${life.ttlSeconds} s`);
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

function lifeOf({ fencingToken, deadline }: { fencingToken: number; deadline: number }): string {
  return `${fencingToken} until ${deadline}`;
}

function expiryOf(sequence: number): string {
  return `event ${sequence}`;
}
