import { ApiError, toApiError } from '../api/api-error';
import { api, ask, onSignedOut } from '../api/client';
import { keptToken, useCredentials } from '../api/credentials';
import { Store } from './store';

/** The user of this tab. */
export interface User {
  readonly id: string;
  /** With its source, such as `github:ada`. */
  readonly name: string;
  readonly login: string;
  readonly isAdministrator: boolean;
  readonly signedInWith: 'token' | 'session';
}

export type Identity =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'signed_out'; readonly notice: string | null }
  | { readonly kind: 'signed_in'; readonly user: User }
  | { readonly kind: 'failed'; readonly failure: ApiError };

export const identity = new Store<Identity>({ kind: 'unknown' });

const ENDED = 'Your session has ended. Sign in again to go on where you were.';

onSignedOut(() => {
  if (identity.value.kind === 'signed_in') signedOut(ENDED);
});

/** Finds out who the user is, from the token that this tab keeps or from the cookie of the browser. */
export async function recognize(): Promise<void> {
  identity.set({ kind: 'unknown' });
  const token = keptToken();
  try {
    if (token !== null) await signInWithToken(token);
    else await resumeSession();
  } catch (failure) {
    const error = toApiError(failure);
    if (error.status === 401) signedOut(token === null ? null : ENDED);
    else identity.set({ kind: 'failed', failure: error });
  }
}

/** Uses a token for this tab alone. Throws `ApiError` if the server does not accept it. */
export async function signInWithToken(token: string): Promise<void> {
  useCredentials({ kind: 'token', token });
  try {
    const me = await ask(api.GET('/me'));
    identity.set({
      kind: 'signed_in',
      user: {
        id: me.user_id,
        name: me.user,
        login: me.login,
        isAdministrator: me.is_administrator,
        signedInWith: 'token',
      },
    });
  } catch (failure) {
    if (!toApiError(failure).isUnreachable) useCredentials({ kind: 'none' });
    throw failure;
  }
}

async function resumeSession(): Promise<void> {
  const session = await ask(api.GET('/auth/session'));
  useCredentials({ kind: 'session', csrfToken: session.csrf_token });
  identity.set({
    kind: 'signed_in',
    user: {
      id: session.user_id,
      name: session.user,
      login: session.login,
      isAdministrator: session.is_administrator,
      signedInWith: 'session',
    },
  });
}

/** Forgets the token, or ends the browser session. */
export async function signOut(): Promise<void> {
  const { value } = identity;
  if (value.kind === 'signed_in' && value.user.signedInWith === 'session') {
    await ask(api.DELETE('/auth/session'));
  }
  signedOut(null);
}

function signedOut(notice: string | null): void {
  useCredentials({ kind: 'none' });
  identity.set({ kind: 'signed_out', notice });
}
