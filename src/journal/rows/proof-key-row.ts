/** A key that signs, or has signed, proofs of leases. */
export interface ProofKeyRow {
  keyId: string;

  /** JSON: the public key as a JWK. */
  publicKey: string;

  /** The private key, sealed with `SECRET_KEY`. Null once the key signs nothing more. */
  sealedPrivateKey: string | null;

  /** In milliseconds since 1970. */
  createdAt: number;

  /** When the key signed its last proof, in milliseconds since 1970. Null while it is in use. */
  retiredAt: number | null;
}
