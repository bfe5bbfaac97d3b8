/** Tokens that the runner gives to SDKs, and those that the server makes. */
const SECRET = /conformance-token-[a-z]+-\d+|octo_[0-9A-Za-z]{20,}/;

/** The token of a user of the servers that scenarios are played against. */
export function tokenOf(user: 'same' | 'other', number: number): string {
  return `conformance-token-${user}-${number}`;
}

/** A token that a text shows; null if there is none. */
export function findSecret(text: string): string | null {
  return SECRET.exec(text)?.[0] ?? null;
}
