/** Tokens that the runner gives to SDKs, and tokens that the server issues. */
const SECRET = /conformance-token-[a-z]+-\d+|octo_[0-9A-Za-z]{20,}/;

/** The token of a user of the servers under test. `spare` is another token of the user `same`. */
export function tokenOf(user: 'same' | 'spare' | 'other', number: number): string {
  return `conformance-token-${user}-${number}`;
}

/** The admin key of the servers under test. */
export const ADMIN_KEY = 'conformance-token-admin-0';

/** A token in a text. Null if there is none. */
export function findSecret(text: string): string | null {
  return SECRET.exec(text)?.[0] ?? null;
}
