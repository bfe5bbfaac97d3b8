import { createHash } from 'node:crypto';
import { canonicalJson, type JsonObject, type JsonValue } from '../journal/canonical-json.js';
import type { AuditRow } from '../journal/rows/audit-row.js';
import type { AuditEntry } from './audit-entry.js';
import type { AuditActor } from './origin.js';

/** The end of a chain: the number and the hash of its last record. */
export interface AuditHead {
  readonly number: number;
  readonly hash: string;
}

/** What stands before the first record. */
export const CHAIN_START: AuditHead = { number: 0, hash: '0'.repeat(64) };

/** The shape of a hash. */
export const HASH = /^[0-9a-f]{64}$/;

/** What a record says of an act. Its place in the chain is added when that is certain. */
export function factsOf(
  { action, origin, subject, outcome, details = {} }: AuditEntry,
  nowMs: number,
): JsonObject {
  return wellFormed({
    at: new Date(nowMs).toISOString(),
    action,
    actor: actorFacts(origin.actor),
    address: origin.address,
    request_id: origin.requestId,
    token_id: origin.tokenId,
    subject: subject === null ? null : { kind: subject.kind, id: subject.id },
    outcome: outcome === 'ok' ? 'ok' : 'refused',
    code: outcome === 'ok' ? null : outcome.refused,
    details,
  });
}

/** @param era see `AuditChain`. */
export function sealed(facts: JsonObject, before: AuditHead, era: number): AuditRow {
  const number = before.number + 1;
  const record = canonicalJson({ ...facts, number, era, previous: before.hash });
  return { number, record, hash: hashOf(record) };
}

/** SHA-256, in hexadecimal. */
export function hashOf(record: string): string {
  return createHash('sha256').update(record).digest('hex');
}

/**
 * A record as it is exported: one line of canonical JSON, with its hash. Text that is not canonical JSON was edited, and is returned as
 * it is, so that the check finds it.
 */
export function exportedLine({ record, hash }: AuditRow): string {
  const fields = parsedObject(record);
  return fields === null || canonicalJson(fields) !== record ? record : canonicalJson({ ...fields, hash });
}

/** Null if the text is not a JSON object. */
export function parsedObject(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as JsonValue;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : null;
  } catch {
    return null;
  }
}

function actorFacts(actor: AuditActor): JsonObject {
  return actor.kind === 'user'
    ? { kind: actor.kind, user_id: actor.userId, name: actor.name }
    : { kind: actor.kind };
}

/** UTF-8 cannot express half a surrogate pair. */
function wellFormed<T extends JsonValue>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, text: unknown) => (typeof text === 'string' ? text.toWellFormed() : text)),
  ) as T;
}
