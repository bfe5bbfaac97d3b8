/** A record of the audit. Each one contains the hash of the one before it. */
export interface AuditRow {
  number: number;

  /** The record in canonical JSON, without its own hash. */
  record: string;

  /** SHA-256 of `record`, in hexadecimal. */
  hash: string;
}
