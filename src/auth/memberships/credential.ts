import { z } from 'zod';
import type { MembershipRow } from '../../journal/rows/membership-row.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { ResealedRow } from '../../store/load/reseal-table.js';

const PURPOSE = 'membership-credential';

/** It can be opened only for the account that it was given to. */
const CONTENT = z.object({ subject: z.string(), token: z.string() });

/** Encrypts what a provider can be asked with about an account. */
export function sealCredential(box: SecretBox, subject: string, token: string): string {
  return box.seal(PURPOSE, JSON.stringify({ subject, token }));
}

/** Null if no key opens it, or if it belongs to another account. */
export function openCredential(box: SecretBox, subject: string, sealed: string): string | null {
  const opened = box.open(PURPOSE, sealed);
  const content = opened === null ? undefined : CONTENT.safeParse(JSON.parse(opened)).data;
  return content?.subject === subject ? content.token : null;
}

/** The row with its credential encrypted with the first of the server's keys. */
export function withCredentialResealed(row: MembershipRow, box: SecretBox): ResealedRow<MembershipRow> {
  if (row.credential === null) return { kind: 'current' };
  const resealed = box.reseal(PURPOSE, row.credential);
  return resealed.kind === 'resealed'
    ? { kind: 'resealed', row: { ...row, credential: resealed.sealed } }
    : resealed;
}
