import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import type { ProofKeyRow } from '../../journal/rows/proof-key-row.js';
import { fieldsOf, fromStoredJson } from '../../journal/rows/stored-json.js';
import type { SecretBox } from '../../secrets/secret-box.js';
import type { ResealedRow } from '../../store/load/reseal-table.js';

/** Ed25519 signatures, by the name that every library for signed tokens knows. */
export const ALGORITHM = 'EdDSA';

/** The public half of a key, as a JSON Web Key. */
export interface PublicKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
}

/** A key that signs, or has signed, proofs. Immutable. */
export interface ProofKey {
  readonly row: Readonly<ProofKeyRow>;
  readonly publicKey: PublicKey;
  /** Null if the key can no longer sign. */
  readonly privateKey: CryptoKey | null;
}

/** A key that can still sign. */
export interface SigningKey extends ProofKey {
  readonly privateKey: CryptoKey;
}

export function canSign(key: ProofKey): key is SigningKey {
  return key.privateKey !== null;
}

/** Makes a key. Its id is the thumbprint of its public half (RFC 7638). */
export async function makeKey(secrets: SecretBox, nowMs: number): Promise<SigningKey> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  const publicKey = publicKeyFrom(await exportJWK(pair.publicKey));
  if (publicKey === null) throw new Error('the new key is not an Ed25519 key');
  const keyId = await calculateJwkThumbprint(publicKey);
  const privateKey = JSON.stringify(await exportJWK(pair.privateKey));
  const row = {
    keyId,
    publicKey: JSON.stringify(publicKey),
    sealedPrivateKey: secrets.seal(purposeOf(keyId), privateKey),
    createdAt: nowMs,
    retiredAt: null,
  };
  return { row, publicKey, privateKey: await importPrivateKey(privateKey) };
}

/** The key that a row stores. Without a private half if that cannot be opened. Throws `UnusableRowError`. */
export async function keyFromRow(row: Readonly<ProofKeyRow>, secrets: SecretBox): Promise<ProofKey> {
  const publicKey = fromStoredJson(row.publicKey, 'proof_keys', publicKeyFrom);
  const { keyId, sealedPrivateKey } = row;
  const opened = sealedPrivateKey === null ? null : secrets.open(purposeOf(keyId), sealedPrivateKey);
  return { row, publicKey, privateKey: opened === null ? null : await importPrivateKey(opened) };
}

/** Whether the private half of a stored key is missing, or can be opened. */
export function isOpenable({ keyId, sealedPrivateKey }: Readonly<ProofKeyRow>, secrets: SecretBox): boolean {
  return sealedPrivateKey === null || secrets.open(purposeOf(keyId), sealedPrivateKey) !== null;
}

/** The row of a key with its private half encrypted with the first of the server's keys. */
export function withKeyResealed(row: ProofKeyRow, secrets: SecretBox): ResealedRow<ProofKeyRow> {
  if (row.sealedPrivateKey === null) return { kind: 'current' };
  const resealed = secrets.reseal(purposeOf(row.keyId), row.sealedPrivateKey);
  return resealed.kind === 'resealed'
    ? { kind: 'resealed', row: { ...row, sealedPrivateKey: resealed.sealed } }
    : resealed;
}

/** The key once it signs nothing more. Its private half is erased. */
export function retired({ row, publicKey }: ProofKey, nowMs: number): ProofKey {
  return { row: { ...row, sealedPrivateKey: null, retiredAt: nowMs }, publicKey, privateKey: null };
}

/** A private half can be opened only as that of its own key. */
function purposeOf(keyId: string): string {
  return `proof-key ${keyId}`;
}

/** The imported key cannot be exported again. */
async function importPrivateKey(text: string): Promise<CryptoKey> {
  const key = await importJWK(JSON.parse(text) as JWK, ALGORITHM, { extractable: false });
  if (key instanceof Uint8Array) throw new Error('a key for proofs is not an Ed25519 key');
  return key;
}

/** Only the members that are public. */
function publicKeyFrom(value: unknown): PublicKey | null {
  const { kty, crv, x } = fieldsOf(value);
  return kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' ? { kty, crv, x } : null;
}
