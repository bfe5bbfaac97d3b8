/**
 * Every error that a client can get: its stable code, its HTTP status and its sentence. The sentence says what happened, then
 * what to do. The type of the codes and the OpenAPI document are derived from this table. A test compares codes and
 * statuses with `docs/errors.md`.
 */
export const ERRORS = {
  malformed_request: {
    status: 400,
    message: 'The server could not read the request. Check its URL and its headers.',
  },
  malformed_json: {
    status: 400,
    message: 'The request body is not valid JSON. Send a JSON object in UTF-8.',
  },
  webhook_url_invalid: {
    status: 400,
    message: 'The webhook URL is not allowed. Use a public https:// URL without credentials.',
  },
  webhook_limit_exceeded: {
    status: 400,
    message: 'You have reached your limit of webhooks. Delete one first.',
  },
  webhook_disabled: {
    status: 400,
    message: 'The server has stopped calling this webhook. Create a new one.',
  },
  webhook_suspended: {
    status: 400,
    message: 'The webhook is suspended. Try again when it is active, or ask the operator.',
  },
  lease_id_required: {
    status: 400,
    message:
      'Your token comes from an exchange and ends soon, so the request must name its lease. Choose a UUID, send it as lease_id, and keep it.',
  },
  delivery_not_pending: {
    status: 400,
    message:
      'The delivery is no longer pending: it was delivered or has failed for good. To send it again, redeliver it.',
  },
  owner_not_allowed: {
    status: 400,
    message: 'A service account cannot own another one. Name the accounts of people who look after it.',
  },
  unauthorized: {
    status: 401,
    message:
      'The token or key is missing or not valid. Send a valid bearer token in the Authorization header.',
  },
  token_expired: {
    status: 401,
    message: 'The token has expired. Sign in again, or create another token.',
  },
  subject_token_refused: {
    status: 401,
    message:
      'The token of the issuer cannot be exchanged. Read the details, then get another one from the issuer.',
  },
  subject_not_allowed: {
    status: 403,
    message:
      'The token is valid, but its subject may not exchange tokens on this server. Ask the operator to allow it.',
  },
  sign_in_required: {
    status: 401,
    message:
      'The group or organization that lets this account in could not be confirmed. Sign in again, and its tokens work again.',
  },
  sign_in_failed: { status: 401, message: 'The sign-in could not be verified. Start it again.' },
  sign_in_not_allowed: {
    status: 403,
    message: 'This account may not sign in to this server. Ask the operator to allow it.',
  },
  admin_required: {
    status: 403,
    message: 'Only administrators may do this. Send the admin key, or the token of an administrator.',
  },
  forbidden: {
    status: 403,
    message:
      'The access policy or the scopes of your token do not allow you to do this. Ask an administrator of this server.',
  },
  csrf_failed: {
    status: 403,
    message:
      'The session cookie alone does not allow changes, and requests from other websites are refused. Send the csrf_token of GET /auth/session in the Octostore-CSRF header, from a page of this server.',
  },
  lock_limit_exceeded: { status: 403, message: 'You have reached your limit of locks. Release one first.' },
  session_limit_exceeded: { status: 403, message: 'You have reached your limit of sessions. End one first.' },
  fence_limit_exceeded: {
    status: 403,
    message: 'You have reached your limit of fences. Use one that exists, or ask the operator to delete one.',
  },
  scope_too_wide: {
    status: 403,
    message:
      'A token with scopes can only create tokens that may do no more than it may. Ask for narrower scopes.',
  },
  token_limit_exceeded: {
    status: 403,
    message: 'The user has reached the limit of tokens. Revoke one first.',
  },
  service_account_limit_exceeded: {
    status: 403,
    message: 'The server has reached its limit of service accounts. Delete one first.',
  },
  route_not_found: {
    status: 404,
    message: 'There is nothing at this address. See /docs for the addresses of the API.',
  },
  lock_not_found: {
    status: 404,
    message:
      'You do not hold this lock under this lease. Stop the work that it protects, or acquire it again.',
  },
  session_not_found: { status: 404, message: 'You have no such session. Check its id, or open a new one.' },
  webhook_not_found: { status: 404, message: 'There is no such webhook. Check its id.' },
  delivery_not_found: {
    status: 404,
    message: 'There is no such delivery, or it is no longer kept. Check its id.',
  },
  user_not_found: { status: 404, message: 'There is no such user. Check the name.' },
  place_not_found: {
    status: 404,
    message: 'You have no place in this line under this lease_id. Check both, or ask for the lock again.',
  },
  fence_not_found: { status: 404, message: 'There is no such fence. Check its name.' },
  policy_version_not_found: {
    status: 404,
    message: 'There is no such version of the policy, or it is no longer kept. Check its number.',
  },
  service_account_not_found: {
    status: 404,
    message:
      'There is no such service account, or you are not one of its owners. Check its name, or ask an administrator.',
  },
  token_not_found: { status: 404, message: 'There is no such token. Check its id.' },
  sign_in_not_configured: {
    status: 404,
    message: 'This way to sign in is not set up on this server. Ask the operator for a token.',
  },
  exchange_not_configured: {
    status: 404,
    message: 'This server trusts no issuer, so it exchanges no tokens. Ask the operator for a token.',
  },
  method_not_allowed: {
    status: 405,
    message: 'This address does not support this method. Use one from the Allow header.',
  },
  request_timeout: { status: 408, message: 'The request took too long to arrive. Send it again.' },
  lock_held: {
    status: 409,
    message: 'The lock is already held. Wait for it with wait_seconds, or try again later.',
  },
  lock_queued: {
    status: 409,
    message:
      'The lock is kept for clients that asked for it earlier. Wait for it with wait_seconds, or try again later.',
  },
  lock_delayed: {
    status: 409,
    message:
      'No lease holds the lock, but no one can have it for a short time. Wait for it with wait_seconds, or try again later.',
  },
  limit_mismatch: {
    status: 409,
    message:
      'The lock is in use with another limit. Use that limit, wait for the lock with wait_seconds, or try again later.',
  },
  lease_mismatch: {
    status: 409,
    message:
      'You already use this lease_id for something else. Choose a new one, or repeat the request with the same locks, modes and session.',
  },
  ambiguous_lease_id: {
    status: 409,
    message:
      'You hold several leases with this lease_id. Name the lock that you mean: use the routes below /locks.',
  },
  service_account_exists: {
    status: 409,
    message: 'There is a service account with this name already. Choose another name, or use that one.',
  },
  stale_fencing_token: {
    status: 409,
    message:
      'The fence has seen a higher fencing token, so a later lease has used the resource. Stop the work that your lock protects.',
  },
  lease_broken: {
    status: 410,
    message:
      'An operator has ended your lease. Stop the work that it protects, and read the reason before you acquire the lock again.',
  },
  session_expired: { status: 410, message: 'The session has expired. Open a new one.' },
  policy_changed: {
    status: 412,
    message: 'The policy is no longer the version that you name. Read it again, then repeat your change.',
  },
  body_too_large: { status: 413, message: 'The request body is too large. Send a smaller one.' },
  unsupported_encoding: {
    status: 415,
    message: 'Compressed request bodies are not supported. Send the body without Content-Encoding.',
  },
  validation_failed: { status: 422, message: 'The request is not valid. Read the details, then correct it.' },
  policy_invalid: {
    status: 422,
    message: 'The policy has mistakes, so it was not applied. Correct all that are listed.',
  },
  user_ambiguous: {
    status: 422,
    message: 'More than one user has this name. Say which one you mean, such as github:ada.',
  },
  rate_limited: { status: 429, message: 'Too many requests. Try again later.' },
  headers_too_large: {
    status: 431,
    message: 'The request headers are too large. Send fewer or shorter ones.',
  },
  internal_error: {
    status: 500,
    message: 'The server has made an error. Report it to the operator, with the request_id.',
  },
  github_unavailable: { status: 502, message: 'GitHub did not give a usable answer. Try again later.' },
  issuer_unavailable: {
    status: 502,
    message:
      'The issuer of the token did not give its keys, so the token could not be verified. Try again later.',
  },
  oidc_unavailable: {
    status: 502,
    message: 'The sign-in provider did not give a usable answer. Try again later.',
  },
  store_unavailable: {
    status: 503,
    message:
      'The outcome is unknown: the server could not confirm that the change is on disk. Repeat the request with the same lease_id.',
  },
  no_leader: {
    status: 503,
    message: 'No server leads at the moment, so nothing was done. Try again.',
  },
  outcome_unknown: {
    status: 503,
    message:
      'The outcome is unknown: the server stopped or was lost before it answered. Look whether the change was made before you repeat the request.',
  },
  shutting_down: { status: 503, message: 'The server is shutting down. Try again.' },
  overloaded: { status: 503, message: 'The server has too much work to accept more. Try again later.' },
  storage_low: {
    status: 503,
    message:
      'The server is low on disk space, so it grants nothing new. You can still renew and release. Try again later.',
  },
  too_many_waiters: { status: 503, message: 'Too many requests are waiting for locks. Try again later.' },
  too_many_locks: { status: 503, message: 'The server has reached its limit of locks. Try again later.' },
  too_many_sessions: {
    status: 503,
    message: 'The server has reached its limit of sessions. Try again later.',
  },
  too_many_fences: { status: 503, message: 'The server has reached its limit of fences. Ask the operator.' },
  too_many_watchers: { status: 503, message: 'Too many event streams are open. Try again later.' },
  numbers_exhausted: {
    status: 507,
    message:
      'The server has used up its fencing tokens or event numbers, so it can grant nothing more. Tell the operator.',
  },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as ErrorCode[];
