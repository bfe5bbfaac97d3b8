import createClient from 'openapi-fetch';
import { errorOf, toApiError, unreachable } from './api-error';
import { authorization } from './credentials';
import type { paths } from './openapi';
import { noteServerTime } from './server-time';

/** Called with every answer that says that the user is no longer signed in. */
type Listener = () => void;
let signedOut: Listener = () => {};

export function onSignedOut(listener: Listener): void {
  signedOut = listener;
}

/** A request with the credentials of this tab. Throws `ApiError` if there is no answer. */
export async function send(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(authorization(request.method))) request.headers.set(name, value);
  const sentAtMs = Date.now();
  let response: Response;
  try {
    response = await fetch(request);
  } catch (failure) {
    if (request.signal.aborted) throw failure;
    throw unreachable();
  }
  noteServerTime(response.headers.get('Date'), sentAtMs, Date.now());
  if (response.status === 401) signedOut();
  return response;
}

/** The public API of the server, typed by its `openapi.yaml`. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

interface Reply<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a reply. Throws `ApiError` if it is an error, or if there is none. */
export async function ask<T>(reply: Promise<Reply<T>>): Promise<T> {
  try {
    const { data, error, response } = await reply;
    if (!response.ok) throw errorOf(response.status, error);
    return data as T;
  } catch (failure) {
    throw toApiError(failure);
  }
}
