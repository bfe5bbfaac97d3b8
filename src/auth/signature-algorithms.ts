/** The signature algorithms of issuers. All have a public key: with a shared secret, anyone who can verify a token could also forge one. */
export const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;
