import { HASH, type AuditHead } from './audit-record.js';

const PURPOSE = 'audit head';

/** Signs texts, and recognizes its signatures. */
export interface HeadSigner {
  sign(purpose: string, text: string): string;
  hasSigned(purpose: string, text: string, signature: string): boolean;
}

/** A head as operators see it. The signature is null if it has none. */
export interface GivenHead extends AuditHead {
  readonly signature: string | null;
}

/** `NUMBER:HASH:SIGNATURE` */
export function signedHead(head: AuditHead, signer: Pick<HeadSigner, 'sign'>): string {
  const text = textOf(head);
  return `${text}:${signer.sign(PURPOSE, text)}`;
}

/** Null if the text is not `NUMBER:HASH` or `NUMBER:HASH:SIGNATURE`. */
export function parseHead(text: string): GivenHead | null {
  const [number = '', hash = '', signature = null, ...more] = text.split(':');
  if (!/^\d{1,16}$/.test(number) || !HASH.test(hash) || more.length > 0) return null;
  return { number: Number(number), hash, signature };
}

/** Whether the server has signed the head. */
export function isSigned({ signature, ...head }: GivenHead, signer: Pick<HeadSigner, 'hasSigned'>): boolean {
  return signature !== null && signer.hasSigned(PURPOSE, textOf(head), signature);
}

function textOf({ number, hash }: AuditHead): string {
  return `${number}:${hash}`;
}
