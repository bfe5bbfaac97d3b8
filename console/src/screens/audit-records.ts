import { api, ask } from '../api/client';

/** A record of the audit, as far as the console shows it. */
export interface AuditRecord {
  readonly number: number;
  readonly at: string;
  readonly action: string;
  readonly actor: { readonly kind: string; readonly name?: string } | null;
  readonly address: string | null;
  readonly subject: { readonly kind: string; readonly id: string | null } | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly details?: unknown;
}

/** The records before a number, or the latest ones, oldest first. A page may have fewer than `limit`, because it is bounded in bytes. */
export async function readRecords(before: number | null, limit: number): Promise<AuditRecord[]> {
  const query = { before: before ?? Number.MAX_SAFE_INTEGER, limit };
  const text = await ask(api.GET('/admin/audit', { params: { query }, parseAs: 'text' }));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord);
}

export function actorOf({ actor }: AuditRecord): string {
  if (actor === null) return 'unknown';
  return actor.name ?? actor.kind;
}

export function subjectOf({ subject }: AuditRecord): string {
  if (subject === null) return '';
  return subject.id === null ? subject.kind : `${subject.kind} ${subject.id}`;
}
