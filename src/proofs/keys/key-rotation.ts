import type { ProofKeyRow } from '../../journal/rows/proof-key-row.js';
import { canSign, retired, type ProofKey, type SigningKey } from './proof-key.js';

/** How long a new key is published before it signs, so that everyone knows it by then. In milliseconds. */
export const PUBLISHED_BEFORE_MS = 3_600_000;

/**
 * How long a key stays published after its last proof, in milliseconds. No proof is valid for longer than a lease lasts, which is
 * an hour at most.
 */
export const PUBLISHED_AFTER_MS = 24 * 3_600_000;

/** A change to the keys that is due. */
export type KeyChange =
  { readonly kind: 'put'; readonly key: ProofKey } | { readonly kind: 'forget'; readonly key: ProofKey };

/**
 * The key that signs: the newest one that has been published for long enough. If there is none, the oldest one, so that a first key
 * signs at once. Null if no key can sign.
 */
export function signerOf(keys: Iterable<ProofKey>, nowMs: number): SigningKey | null {
  const able = signingKeys(keys);
  return able.findLast(({ row }) => nowMs - row.createdAt >= PUBLISHED_BEFORE_MS) ?? able[0] ?? null;
}

/** Whether a new key must be made, because none can sign or because the newest is as old as a key may become. */
export function isNewKeyDue(keys: Iterable<ProofKey>, nowMs: number, periodMs: number): boolean {
  const newest = signingKeys(keys).at(-1);
  return newest === undefined || nowMs - newest.row.createdAt >= periodMs;
}

/** The changes that are due, at most one for each key. A change may make another one due. */
export function changesDue(keys: Iterable<ProofKey>, nowMs: number): KeyChange[] {
  const all = [...keys];
  const signer = signerOf(all, nowMs);
  return all.map((key) => changeDue(key, signer, nowMs)).filter((change) => change !== null);
}

function changeDue(key: ProofKey, signer: SigningKey | null, nowMs: number): KeyChange | null {
  const { row } = key;
  if (isFromTheFuture(row, nowMs)) return { kind: 'put', key: { ...key, row: inThePresent(row, nowMs) } };
  if (row.retiredAt === null)
    return isReplaced(key, signer) ? { kind: 'put', key: retired(key, nowMs) } : null;
  return nowMs - row.retiredAt >= PUBLISHED_AFTER_MS ? { kind: 'forget', key } : null;
}

/** A key that cannot be opened signs nothing more, like one that has a successor. */
function isReplaced(key: ProofKey, signer: SigningKey | null): boolean {
  return !canSign(key) || (signer !== null && byAge(key, signer) < 0);
}

/** The wall clock was set back after the row was written. */
function isFromTheFuture({ createdAt, retiredAt }: ProofKeyRow, nowMs: number): boolean {
  return createdAt > nowMs || (retiredAt ?? 0) > nowMs;
}

/** The row with its times counted from now. Otherwise a key could be in use or published for years. */
function inThePresent(row: ProofKeyRow, nowMs: number): ProofKeyRow {
  const { createdAt, retiredAt } = row;
  return {
    ...row,
    createdAt: Math.min(createdAt, nowMs),
    retiredAt: retiredAt === null ? null : Math.min(retiredAt, nowMs),
  };
}

/** The keys that can sign, oldest first. */
function signingKeys(keys: Iterable<ProofKey>): SigningKey[] {
  return [...keys].filter(canSign).toSorted(byAge);
}

function byAge({ row: a }: ProofKey, { row: b }: ProofKey): number {
  return a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1);
}
