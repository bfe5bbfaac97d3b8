import type { JsonObject, JsonValue } from '../journal/canonical-json.js';
import { HASH, type AuditHead } from './audit-record.js';

/** The last record that a record says was pruned. Null if it says nothing of the kind. */
export function prunedThrough({ action, details }: JsonObject): AuditHead | null {
  return action === 'audit.prune' ? headIn(details, 'through') : null;
}

/** The head from which a record says that the database goes on. Null if it says nothing of the kind. */
export function goesOnFrom({ action, details }: JsonObject): AuditHead | null {
  return action === 'database.jump' ? headIn(details, 'goes_on_from') : null;
}

function headIn(details: JsonValue | undefined, name: string): AuditHead | null {
  const head = fieldsOf(fieldsOf(details)[name]);
  const { number, hash } = head;
  if (typeof number !== 'number' || typeof hash !== 'string' || !HASH.test(hash)) return null;
  return { number, hash };
}

function fieldsOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
