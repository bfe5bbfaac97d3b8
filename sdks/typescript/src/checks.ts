import { ValidationError } from './errors.js';
import { COOLING_RULES, RULES } from './rules.js';

const nameShape = new RegExp(RULES.lock_name_pattern);

/** Throws `ValidationError` unless the server accepts this name of a lock, or of something else with such names. */
export function checkName(name: string, what = 'lock'): void {
  const problem = problemOfName(name, `${what} name`);
  if (problem !== null) throw new ValidationError(problem);
}

/** Throws `ValidationError` unless this is a valid TTL for a lease. */
export function checkTtl(seconds: number): void {
  checkWhole('ttlSeconds', seconds, RULES.ttl_seconds_min, RULES.ttl_seconds_max);
}

/** Throws `ValidationError` unless this can be a fencing token. */
export function checkFencingToken(token: number): void {
  checkWhole('fencingToken', token, 1, Number.MAX_SAFE_INTEGER);
}

/** Throws `ValidationError` unless this is a valid TTL for a session. */
export function checkSessionTtl(seconds: number): void {
  checkWhole('ttlSeconds', seconds, RULES.session_ttl_seconds_min, RULES.session_ttl_seconds_max);
}

/** Throws `ValidationError` unless a lock may be kept from everyone for these times. */
export function checkCooling(
  lockDelaySeconds: number | undefined,
  minHoldSeconds: number | undefined,
  ttlSeconds: number,
): void {
  if (lockDelaySeconds !== undefined) {
    checkWhole('lockDelaySeconds', lockDelaySeconds, 0, COOLING_RULES.lock_delay_seconds_max);
  }
  if (minHoldSeconds !== undefined) checkWhole('minHoldSeconds', minHoldSeconds, 0, ttlSeconds);
}

/** Throws `ValidationError` unless this is a valid time to wait. */
export function checkWait(seconds: number): void {
  if (!(seconds >= 0)) throw new ValidationError('waitSeconds must be 0 or more.');
}

/** Throws `ValidationError` unless one request may wait for this time. */
export function checkWaitSlice(seconds: number): void {
  checkWhole('waitSliceSeconds', seconds, 1, RULES.wait_seconds_per_request_max);
}

/**
 * One or several base URLs, in an array or separated by commas: each once and without a trailing slash. Throws like
 * `checkedBaseUrl`.
 */
export function checkedBaseUrls(given: string | readonly string[]): [string, ...string[]] {
  const texts = [given].flat().flatMap((text) => text.split(','));
  const [first = checkedBaseUrl(''), ...others] = new Set(texts.filter(isNotBlank).map(checkedBaseUrl));
  return [first, ...others];
}

/** The base URL without a trailing slash. The `ValidationError` does not quote it, because a URL can contain credentials. */
export function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ValidationError('The base URL must be an http or https URL.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ValidationError('The base URL must not hold credentials: give the token by itself.');
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/** Throws `ValidationError` unless the token can be sent in a header. The error does not quote it. */
export function checkToken(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ValidationError('The token must consist of visible ASCII characters.');
  }
}

function problemOfName(name: string, what: string): string | null {
  if (name.length > RULES.lock_name_length_max) {
    return `A ${what} must have at most ${RULES.lock_name_length_max} characters.`;
  }
  if (!nameShape.test(name)) {
    return `A ${what} consists of components of letters, digits, '.', '_' and '-', separated by single slashes.`;
  }
  for (const component of name.split('/')) {
    if (component.length > RULES.lock_name_component_length_max) {
      return `Each component of a ${what} must have at most ${RULES.lock_name_component_length_max} characters.`;
    }
    if (component === '.' || component === '..') return `A component of a ${what} must not be '.' or '..'.`;
  }
  return null;
}

function isNotBlank(text: string): boolean {
  return text.trim() !== '';
}

function checkWhole(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ValidationError(`${what} must be a whole number from ${min} to ${max}.`);
  }
}
