import { UnusableRowError } from '../journal/errors.js';
import type { Journal } from '../journal/journal.js';
import type { RowChanges } from '../journal/row-changes.js';
import type { AuditRow } from '../journal/rows/audit-row.js';
import { CHAIN_START, factsOf, HASH, parsedObject, sealed, type AuditHead } from './audit-record.js';
import { SERVER_ORIGIN } from './origin.js';
import { RecordCounts, type RecordCount } from './record-counts.js';

/**
 * Where the records of one term are chained. The store seals the records of each commit just before it writes them, one commit after the
 * other. So each record is chained to the one that is durable before it. If a commit fails, the term ends, and the next one loads what
 * is stored.
 */
export class AuditChain {
  #head: AuditHead;
  #durable: AuditHead;
  #pendingJump: AuditHead | null;
  readonly #counts = new RecordCounts();
  readonly #era: number;

  /**
   * @param era the sequence at which the database last went on from an earlier state, or 0. Every record has it, so that a term notices
   *   that this has happened.
   */
  private constructor(head: AuditHead, era: number, isJump: boolean) {
    this.#head = head;
    this.#durable = head;
    this.#era = era;
    this.#pendingJump = isJump ? head : null;
  }

  /** Loads the end of the chain. Throws `UnusableRowError`. */
  static async load(journal: Journal, restoredAt: number): Promise<AuditChain> {
    const [last] = await journal.page('audit_records', 'key', { isDescending: true, limit: 1 });
    if (last === undefined) return new AuditChain(CHAIN_START, restoredAt, restoredAt > 0);
    if (!Number.isSafeInteger(last.number) || !HASH.test(last.hash))
      throw new UnusableRowError('audit_records');
    return new AuditChain({ number: last.number, hash: last.hash }, restoredAt, eraOf(last) !== restoredAt);
  }

  /** The last record that is durable. */
  get head(): AuditHead {
    return this.#durable;
  }

  /** How many records this term has made durable. */
  get counts(): Iterable<RecordCount> {
    return this.#counts.all();
  }

  /** Records that the database goes on from an earlier state, if it does. Call this once, with the first rows of the term. */
  recordJump(rows: RowChanges, nowMs: number): void {
    const from = this.#pendingJump;
    this.#pendingJump = null;
    if (from === null) return;
    const details = { goes_on_from: { number: from.number, hash: from.hash } };
    const subject = { kind: 'database', id: String(this.#era) } as const;
    rows.record(
      factsOf({ action: 'database.jump', origin: SERVER_ORIGIN, subject, outcome: 'ok', details }, nowMs),
    );
  }

  /** Chains what was recorded in these rows. They must be the next ones that are written. */
  seal(rows: RowChanges): void {
    const unsealed = rows.takeUnsealed();
    if (unsealed.length === 0) return;
    for (const facts of unsealed) {
      const row = sealed(facts, this.#head, this.#era);
      rows.put('audit_records', row);
      this.#head = { number: row.number, hash: row.hash };
    }
    const head = this.#head;
    rows.onDurable(() => {
      this.#durable = head;
      for (const facts of unsealed) this.#counts.add(facts);
    });
  }
}

/** Null if the record does not say. */
function eraOf({ record }: AuditRow): number | null {
  const era = parsedObject(record)?.['era'];
  return typeof era === 'number' ? era : null;
}
