import {
  AuthenticationError,
  LeaseBrokenError,
  LimitError,
  LockHeldError,
  NotFoundError,
  OctoStoreError,
  PermissionError,
  ServerError,
  StaleTokenError,
  UnavailableError,
  ValidationError,
  type ErrorFacts,
} from './errors.js';
import { Fields } from './fields.js';
import type { HttpAnswer } from './transport.js';

/** The codes of a 409 that says why you cannot have a lock now. */
const CONFLICTS = new Set(['lock_held', 'lock_queued', 'lock_delayed', 'limit_mismatch']);
/** The codes of a 409 about a lease id that you use for several leases. */
const MISUSED_IDS = new Set(['lease_mismatch', 'ambiguous_lease_id']);
const VALIDATION = new Set([400, 413, 414, 415, 422, 431]);
const NOT_FOUND = new Set([404, 410]);
const UNAVAILABLE = new Set([502, 503, 504]);

/** Reads a successful response with `read`. Throws the matching error for any other response. */
export function resultOf<T>(answer: HttpAnswer, read: (text: string) => T): T {
  if (answer.status < 200 || answer.status > 299) throw errorOf(answer);
  try {
    return read(answer.text);
  } catch (cause) {
    throw new ServerError('the answer of the server cannot be understood', { status: answer.status, cause });
  }
}

/** The error for an unsuccessful response. Its message quotes only JSON errors: a proxy's error page could contain anything. */
export function errorOf({
  status,
  headers,
  text,
}: Pick<HttpAnswer, 'status' | 'headers' | 'text'>): OctoStoreError {
  const body = Fields.tryParse(text);
  const code = body?.optionalText('code');
  const facts: ErrorFacts = {
    status,
    code,
    requestId: body?.optionalText('request_id') ?? headers.get('x-request-id') ?? undefined,
    retryAfterMs: body?.optionalNumber('retry_after_ms') ?? retryAfterMs(headers),
  };
  const sentences = [body?.optionalText('error'), body?.optionalText('details')].filter(Boolean);
  const message = sentences.join(' ') || `the server answered with status ${status}`;
  if (status === 409 && CONFLICTS.has(String(code)) && body !== null) return heldError(message, facts, body);
  if (code === 'lease_broken' && body !== null) return brokenError(message, facts, body);
  if (code === 'stale_fencing_token' && body !== null) return staleError(message, facts, body);
  return new (errorClass(status, code))(message, facts);
}

function errorClass(
  status: number,
  code: string | undefined,
): new (message: string, facts: ErrorFacts) => OctoStoreError {
  if (status === 401) return AuthenticationError;
  if (VALIDATION.has(status) || (status === 409 && MISUSED_IDS.has(String(code)))) return ValidationError;
  if (NOT_FOUND.has(status)) return NotFoundError;
  if (status === 429 || (status === 403 && code?.endsWith('_limit_exceeded') === true)) return LimitError;
  if (status === 403) return PermissionError;
  return UNAVAILABLE.has(status) ? UnavailableError : ServerError;
}

function heldError(message: string, facts: ErrorFacts, body: Fields): OctoStoreError {
  try {
    const lock = body.object('lock');
    const [name, holder] = [lock.text('name'), lock.textOrNull('holder')];
    const expiresAt = body.date('expires_at');
    const isHeld = facts.code === 'lock_held' && holder !== null;
    return new LockHeldError(isHeld ? heldBy(name, holder, expiresAt) : message, {
      ...facts,
      lock: name,
      holder,
      holderId: body.textOrNull('holder_id'),
      expiresAt,
      metadata: body.textOrNull('metadata'),
      limit: body.optionalNumber('limit'),
      position: body.optionalNumber('position'),
      waiters: body.optionalNumber('waiters'),
    });
  } catch (cause) {
    return new ServerError('the answer of the server cannot be understood', { ...facts, cause });
  }
}

function heldBy(lock: string, holder: string, expiresAt: Date): string {
  const end = expiresAt.toISOString().replace(/\.\d+Z$/, 'Z');
  return `The lock "${lock}" is held by ${holder} (until ${end}).`;
}

function brokenError(message: string, facts: ErrorFacts, body: Fields): OctoStoreError {
  try {
    return new LeaseBrokenError(message, {
      ...facts,
      reason: body.text('reason'),
      brokenBy: body.text('broken_by'),
      brokenAt: body.date('broken_at'),
    });
  } catch {
    // Whatever the rest says, the lease has ended.
    return new NotFoundError(message, facts);
  }
}

function staleError(message: string, facts: ErrorFacts, body: Fields): OctoStoreError {
  try {
    return new StaleTokenError(message, { ...facts, highest: body.number('highest') });
  } catch (cause) {
    return new ServerError('the answer of the server cannot be understood', { ...facts, cause });
  }
}

/** The `Retry-After` header in milliseconds, whether it holds seconds or a date. */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const untilMs = Date.parse(value);
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs - Date.now());
}
