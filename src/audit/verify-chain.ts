import { canonicalJson, type JsonObject } from '../journal/canonical-json.js';
import { CHAIN_START, HASH, hashOf, parsedObject, type AuditHead } from './audit-record.js';
import { goesOnFrom, prunedThrough } from './chain-facts.js';

/** Where a chain is not what the server wrote, and how that shows. */
export interface Flaw {
  /** The number that the record should have. */
  readonly number: number;
  readonly kind:
    /** It is not JSON as the server writes it, or its hash is not that of its content. */
    | 'changed'
    /** Records before it are missing. */
    | 'removed'
    /** There are two records with its number. */
    | 'added'
    /** It stands after one that should come later. */
    | 'reordered'
    /** Its number is right, but it does not go on from the record before it. So one of the two was changed, or replaced. */
    | 'unchained'
    /** The first records are missing. What says that the server has pruned them comes after the head that was given, which does not prove it. */
    | 'unproven_prune'
    /** The record of the head that was given is missing. */
    | 'cut_off'
    /** The record of the head that was given is another one. */
    | 'other_head';
  readonly sentence: string;
}

export interface Verified {
  /** How many records were read. */
  readonly records: number;
  /** The first flaw. Null if there is none. */
  readonly flaw: Flaw | null;
  /** The first record. Null if there is none. */
  readonly first: number | null;
  /** The last record that is sound. */
  readonly head: AuditHead;
}

/** Checks the records of a chain, one after the other. Each is a line as it is exported. */
export class ChainVerifier {
  readonly #expected: AuditHead | null;
  #head: AuditHead = CHAIN_START;
  /** What the first record goes on from, if that is not the start of the chain. */
  #before: AuditHead | null = null;
  #first: number | null = null;
  /** The last record that the server says it has pruned, and the number of the record that says so. */
  #pruned: (AuditHead & { readonly by: number }) | null = null;
  #isExpectedSeen: boolean;
  /** The last jump, by its number and by where it goes on from. */
  #jump: { readonly number: number; readonly from: number } | null = null;
  #records = 0;
  #flaw: Flaw | null = null;

  /** @param expected a head that the server has logged. It must be in the chain. */
  constructor(expected: AuditHead | null = null) {
    this.#expected = expected;
    this.#isExpectedSeen = expected === null;
  }

  /** Whether a flaw was found. What comes after it says nothing more. */
  get hasFlaw(): boolean {
    return this.#flaw !== null;
  }

  add(line: string): void {
    this.#records += 1;
    if (this.#flaw !== null) return;
    const record = soundRecord(line);
    if (record === null)
      this.#fail('changed', this.#head.number + 1, 'was changed: its content does not match its hash.');
    else this.#follow(record);
  }

  /** Call this after the last record. */
  finish(): Verified {
    if (this.#flaw === null) this.#checkBeginning();
    if (this.#flaw === null) this.#checkEnd();
    return { records: this.#records, flaw: this.#flaw, first: this.#first, head: this.#head };
  }

  #follow(record: SoundRecord): void {
    if (this.#first === null) this.#begin(record);
    const { number, previous } = record;
    const next = this.#head.number + 1;
    if (number > next) this.#fail('removed', next, `is missing: the next one is ${number}.`);
    else if (number === next - 1) this.#fail('added', number, 'is there twice: one of the two was added.');
    else if (number < next)
      this.#fail('reordered', next, `is not where it should be: record ${number} stands there.`);
    else if (previous !== this.#head.hash)
      this.#fail('unchained', next, `does not go on from record ${next - 1}: one of the two was replaced.`);
    else this.#accept(record);
  }

  #begin({ number, previous }: SoundRecord): void {
    this.#first = number;
    if (number === 1) return;
    this.#before = { number: number - 1, hash: previous };
    this.#head = this.#before;
  }

  #accept({ number, hash, fields }: SoundRecord): void {
    this.#head = { number, hash };
    const through = prunedThrough(fields);
    if (through !== null) this.#pruned = { ...through, by: number };
    const from = goesOnFrom(fields);
    if (from !== null) this.#jump = { number, from: from.number };
    if (number !== this.#expected?.number) return;
    this.#isExpectedSeen = true;
    if (hash !== this.#expected.hash)
      this.#fail('other_head', number, `is not the one of the given head. ${this.#whyOther(number)}`);
  }

  /** The first records may be gone only if the server has pruned them, which it records. */
  #checkBeginning(): void {
    const before = this.#before;
    if (before === null) return;
    if (before.number === this.#pruned?.number && before.hash === this.#pruned.hash) {
      this.#checkPrune(this.#pruned, before);
      return;
    }
    const known = this.#pruned?.number ?? 0;
    const number = Math.min(known, before.number) + 1;
    this.#fail(
      'removed',
      number,
      `is missing: the first one is ${before.number + 1}, but the server has pruned ${known === 0 ? 'none' : `only up to ${known}`}.`,
    );
  }

  /** Anyone who can write to the database can add a record after the given head which says that earlier ones were pruned. */
  #checkPrune({ by }: { readonly by: number }, { number }: AuditHead): void {
    const expected = this.#expected;
    if (expected === null || by <= expected.number) return;
    this.#fail(
      'unproven_prune',
      1,
      `and those up to ${number} are missing. Record ${by} says that the server has pruned them, but it comes after the given head ${expected.number}. Use a newer head from the log.`,
    );
  }

  #checkEnd(): void {
    const expected = this.#expected;
    if (expected === null || expected.number === 0 || this.#isExpectedSeen) return;
    this.#fail(
      'cut_off',
      this.#head.number + 1,
      `is missing: the chain ends at ${this.#head.number}, before the given head ${expected.number}. ${this.#whyOther(expected.number)}`,
    );
  }

  /** A restore replaces the records that came after the backup. */
  #whyOther(number: number): string {
    if (this.#jump === null || this.#jump.from >= number)
      return 'Records at the end were removed or replaced.';
    const { number: jump, from } = this.#jump;
    return `Record ${jump} says that the database goes on from an earlier state, with record ${from}. Use a head from after that.`;
  }

  #fail(kind: Flaw['kind'], number: number, what: string): void {
    this.#flaw ??= { kind, number, sentence: `Record ${number} ${what}` };
  }
}

interface SoundRecord {
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
  readonly fields: JsonObject;
}

/**
 * Null unless the line is a record in canonical JSON whose hash is right. Two lines that mean the same would otherwise both be accepted,
 * and readers of JSON disagree about names that occur twice.
 */
function soundRecord(line: string): SoundRecord | null {
  const fields = parsedObject(line);
  if (fields === null || canonicalJson(fields) !== line) return null;
  const { hash, ...record } = fields;
  const { number, previous } = record;
  if (typeof hash !== 'string' || hashOf(canonicalJson(record)) !== hash) return null;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 1) return null;
  if (typeof previous !== 'string' || !HASH.test(previous)) return null;
  return { number, previous, hash, fields };
}
