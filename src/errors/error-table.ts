/**
 * Every error that a client can meet: its stable code, its HTTP status and the sentence it is told by default. The only
 * such table; the codes' type, the OpenAPI document and `docs/errors.md` derive from it or are tested against it.
 */
export const ERRORS = {
  malformed_request: { status: 400, message: 'The request could not be understood.' },
  malformed_json: { status: 400, message: 'The request body is not valid JSON.' },
  webhook_url_invalid: {
    status: 400,
    message: 'A webhook URL must be a valid https:// URL without credentials.',
  },
  webhook_limit_exceeded: { status: 400, message: 'You have as many webhooks as allowed. Delete one first.' },
  webhook_disabled: {
    status: 400,
    message: 'The server has stopped calling this webhook. Create a new one.',
  },
  unauthorized: { status: 401, message: 'Invalid or missing bearer token.' },
  sign_in_failed: { status: 401, message: 'The sign-in could not be verified. Start again at /auth/github.' },
  sign_in_not_allowed: { status: 403, message: 'This GitHub account may not sign in to this server.' },
  admin_required: { status: 403, message: 'This needs the admin key or an admin user.' },
  lock_limit_exceeded: { status: 403, message: 'You hold as many locks as allowed. Release one first.' },
  session_limit_exceeded: { status: 403, message: 'You have as many sessions as allowed. End one first.' },
  token_limit_exceeded: { status: 403, message: 'The user has as many tokens as allowed. Revoke one first.' },
  route_not_found: { status: 404, message: 'There is nothing at this address. See /docs.' },
  lock_not_found: { status: 404, message: 'Lock not found or not owned by caller' },
  session_not_found: { status: 404, message: 'Session not found.' },
  webhook_not_found: { status: 404, message: 'Webhook not found.' },
  delivery_not_found: { status: 404, message: 'Delivery not found.' },
  user_not_found: { status: 404, message: 'User not found.' },
  token_not_found: { status: 404, message: 'Token not found.' },
  sign_in_not_configured: { status: 404, message: 'GitHub sign-in is not set up on this server.' },
  method_not_allowed: { status: 405, message: 'This address does not support that method.' },
  request_timeout: { status: 408, message: 'The request took too long to arrive.' },
  lock_held: { status: 409, message: 'Lock already held' },
  session_expired: { status: 410, message: 'The session has expired. Open a new one.' },
  body_too_large: { status: 413, message: 'The request body is too large.' },
  unsupported_encoding: {
    status: 415,
    message: 'Compressed request bodies are not supported. Send the body without Content-Encoding.',
  },
  validation_failed: { status: 422, message: 'The request is not valid.' },
  user_ambiguous: { status: 422, message: 'Several users are called so. Say where the account comes from.' },
  rate_limited: { status: 429, message: 'Too many requests. Try again later.' },
  headers_too_large: { status: 431, message: 'The request headers are too large.' },
  internal_error: { status: 500, message: 'Something went wrong on the server.' },
  github_unavailable: { status: 502, message: 'GitHub did not give a usable answer. Try again later.' },
  store_unavailable: {
    status: 503,
    message:
      'The outcome is unknown: the change could not be confirmed on disk. Ask again with the same lease_id.',
  },
  shutting_down: { status: 503, message: 'The server is shutting down. Try again.' },
  overloaded: { status: 503, message: 'The server has more work than it can take on. Try again later.' },
  storage_low: {
    status: 503,
    message:
      'The server is short of disk space and grants nothing new for now. Renew and release still work.',
  },
  too_many_waiters: { status: 503, message: 'Too many requests are waiting for locks. Try again later.' },
  too_many_locks: { status: 503, message: 'The server holds as many locks as it can. Try again later.' },
  too_many_sessions: { status: 503, message: 'The server has as many sessions as it can. Try again later.' },
  too_many_watchers: { status: 503, message: 'Too many event streams are open. Try again later.' },
  numbers_exhausted: {
    status: 507,
    message:
      'The server has used up its fencing tokens or event numbers and grants nothing more. Tell its operator.',
  },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];
