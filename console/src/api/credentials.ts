/** How this tab proves who its user is. A cookie works by itself, but changes need the CSRF token of its session. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'session'; readonly csrfToken: string };

const STORAGE_KEY = 'octostore.token';

let current: Credentials = { kind: 'none' };

export function credentials(): Credentials {
  return current;
}

/** Uses other credentials from now on. A token is kept until this tab is closed, and no other tab can read it. */
export function useCredentials(next: Credentials): void {
  current = next;
  if (next.kind === 'token') sessionStorage.setItem(STORAGE_KEY, next.token);
  else sessionStorage.removeItem(STORAGE_KEY);
}

/** The token that the user pasted into this tab, if there is one. */
export function keptToken(): string | null {
  return sessionStorage.getItem(STORAGE_KEY);
}

/** The headers that a request needs. */
export function authorization(method: string): Record<string, string> {
  if (current.kind === 'token') return { Authorization: `Bearer ${current.token}` };
  if (current.kind === 'session' && method !== 'GET') return { 'Octostore-CSRF': current.csrfToken };
  return {};
}
