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
  readonly code?: string;
  readonly details?: unknown;
}

/** The records that follow a number, oldest first. */
export async function readRecords(after: number, limit: number): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  for (;;) {
    const last = records.at(-1)?.number ?? after;
    const page = await readPage(last, limit - records.length);
    records.push(...page);
    if (page.length === 0 || records.length >= limit) return records;
  }
}

async function readPage(after: number, limit: number): Promise<AuditRecord[]> {
  const text = await ask(api.GET('/admin/audit', { params: { query: { after, limit } }, parseAs: 'text' }));
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord);
}

/** Found out before, so that only what is new must be searched. */
let known = 0;

/** The number of the latest record. The API reads forward only, so this steps ahead until there is nothing, then halves the distance. */
export async function lastNumber(): Promise<number> {
  let low = known;
  let step = 1;
  let high: number | null = null;
  while (high === null || high - low > 1) {
    const guess: number = high === null ? low + step : Math.floor((low + high) / 2);
    const [record] = await readPage(guess - 1, 1);
    if (record === undefined) {
      high = guess;
    } else {
      low = record.number;
      step *= 2;
    }
  }
  known = low;
  return low;
}

export function actorOf({ actor }: AuditRecord): string {
  if (actor === null) return 'unknown';
  return actor.name ?? actor.kind;
}

export function subjectOf({ subject }: AuditRecord): string {
  if (subject === null) return '';
  return subject.id === null ? subject.kind : `${subject.kind} ${subject.id}`;
}
