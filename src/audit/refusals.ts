import type { CancelTimer, Clock } from '../clock/clock.js';
import type { ErrorCode } from '../errors/error-table.js';
import { RowChanges } from '../journal/row-changes.js';
import type { AuditAction } from './audit-action.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditTrail } from './audit-trail.js';
import type { Origin } from './origin.js';

/** For how long repetitions share a record. */
const SHARED_FOR_MS = 300_000;

/** How many different refusals have records of their own in that time. So attackers cannot fill the disk. */
const KINDS_MAX = 50;

/** An act that was refused. */
export interface Refusal extends Omit<AuditEntry, 'outcome'> {
  readonly code: ErrorCode;
}

interface Counted {
  readonly refusal: Refusal;
  /** How often it was repeated. */
  repetitions: number;
}

interface Parts {
  readonly trail: AuditTrail;
  readonly clock: Clock;
  /** Makes rows durable. It may fail, or do nothing while nothing can be written. */
  readonly write: (rows: RowChanges) => Promise<void>;
}

/**
 * Records refusals: the first of each kind at once, and then how often it was repeated. What differs in its action, code, actor or
 * address is of another kind.
 */
export class Refusals {
  readonly #parts: Parts;
  readonly #counted = new Map<string, Counted>();
  /** Those beyond the maximum, by action. */
  readonly #others = new Map<AuditAction, number>();
  #cancelTimer: CancelTimer | null = null;
  readonly #totals = new Map<AuditAction, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** How many there were, also those without a record of their own. */
  get totals(): ReadonlyMap<AuditAction, number> {
    return this.#totals;
  }

  add(refusal: Refusal): void {
    this.#totals.set(refusal.action, (this.#totals.get(refusal.action) ?? 0) + 1);
    this.#cancelTimer ??= this.#parts.clock.after(SHARED_FOR_MS, () => void this.flush());
    const kind = kindOf(refusal);
    const known = this.#counted.get(kind);
    if (known !== undefined) known.repetitions += 1;
    else if (this.#counted.size >= KINDS_MAX)
      this.#others.set(refusal.action, (this.#others.get(refusal.action) ?? 0) + 1);
    else {
      this.#counted.set(kind, { refusal, repetitions: 0 });
      void this.#write([entryOf(refusal)]);
    }
  }

  /** Records the repetitions now. */
  async flush(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const repeated = [...this.#counted.values()]
      .filter(({ repetitions }) => repetitions > 0)
      .map(({ refusal, repetitions }) => entryOf(refusal, { repetitions }));
    const others = [...this.#others].map(([action, count]) =>
      entryOf({ action, origin: NO_ONE, subject: null, code: 'rate_limited' }, { others: count }),
    );
    this.#counted.clear();
    this.#others.clear();
    await this.#write([...repeated, ...others]);
  }

  async #write(entries: readonly AuditEntry[]): Promise<void> {
    if (entries.length === 0) return;
    const rows = new RowChanges();
    for (const entry of entries) this.#parts.trail.record(rows, entry);
    // A failed commit stops the store, which reports it.
    await this.#parts.write(rows).catch(() => undefined);
  }
}

/** Stands for many. */
const NO_ONE: Origin = { actor: { kind: 'unknown' }, address: null, requestId: null, tokenId: null };

function kindOf({ action, code, origin: { actor, address } }: Refusal): string {
  return JSON.stringify([action, code, actor, address]);
}

function entryOf({ code, ...refusal }: Refusal, counts: Readonly<Record<string, number>> = {}): AuditEntry {
  return { ...refusal, outcome: { refused: code }, details: { ...refusal.details, ...counts } };
}
