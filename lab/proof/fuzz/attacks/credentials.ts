import * as fc from 'fast-check';
import { badToken, headerValue, idleHeader, scheme } from '../../../kit/bad-input/header-values.js';
import { OWN, type Check, type FuzzRequest } from '../fuzz-request.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

const PATHS = ['/locks', '/locks/a', '/sessions/a', '/webhooks', '/watch', '/admin/status', '/metrics'];

/** Nothing but exactly one `Authorization` header with a valid token gives access. */
export function forgeTokens({ user: { token } }: Target): Attack {
  const forged = fc.tuple(scheme, badToken(token)).map(([word, text]) => [`Authorization: ${word} ${text}`]);
  const beside = fc
    .tuple(badToken(token), fc.boolean())
    .map(([text, isFirst]) =>
      [`Authorization: Bearer ${text}`, `authorization: Bearer ${token}`].toSorted(
        (a, b) => (isFirst ? 1 : -1) * a.localeCompare(b),
      ),
    );
  const elsewhere = fc
    .constantFrom('X-Access-Token', 'Cookie', 'Proxy-Authorization', 'X-Admin-Key')
    .map((name) => [`${name}: ${token}`]);
  const requests = fc
    .tuple(fc.constantFrom(...PATHS), fc.oneof({ weight: 4, arbitrary: forged }, beside, elsewhere))
    .map(([path, headers]): FuzzRequest => ({
      attack: 'Authorization headers',
      method: 'GET',
      path,
      headers,
      body: '',
      check: refusedWith('unauthorized'),
    }));
  return { share: 9, requests };
}

/** Only the right admin key gives access to the operator routes, and it gives access to no others. */
export function forgeAdminKeys({ adminKey }: Target): Attack {
  const wrong = fc
    .oneof(headerValue, fc.constantFrom(adminKey.slice(1), `${adminKey}${adminKey}`, ''))
    .filter((text) => text.trim() !== adminKey)
    .map((text) => [`X-Admin-Key: ${text}`]);
  const twice = fc.constant([`X-Admin-Key: ${adminKey}`, `x-admin-key: ${adminKey}`]);
  const misplaced = fc.constantFrom(
    { path: '/locks', headers: [`X-Admin-Key: ${adminKey}`] },
    { path: '/webhooks', headers: [`authorization: Bearer ${adminKey}`] },
    { path: `/metrics?key=${adminKey}`, headers: [] },
    { path: '/admin/status', headers: [`Cookie: X-Admin-Key=${adminKey}`] },
  );
  const onAdminRoutes = fc
    .tuple(fc.constantFrom('/admin/status', '/metrics'), fc.oneof({ weight: 4, arbitrary: wrong }, twice))
    .map(([path, headers]) => ({ path, headers }));
  const requests = fc
    .oneof({ weight: 3, arbitrary: onAdminRoutes }, misplaced)
    .map(({ path, headers }): FuzzRequest => ({
      attack: 'admin keys',
      method: 'GET',
      path,
      headers,
      body: '',
      check: refusedWith('unauthorized'),
    }));
  return { share: 4, requests };
}

/** A callback for a sign-in that this browser did not start is refused. */
export function forgeSignIns(): Attack {
  const part = fc.oneof(
    headerValue.map(encodeURIComponent),
    fc.constantFrom('', '%', '%00', '%ff', 'A'.repeat(43), '[]', '<script>'.replaceAll(/[<>]/g, '%3c')),
  );
  const query = fc.array(
    fc
      .tuple(fc.constantFrom('code', 'state', 'error', 'code[]', 'state[toString]', '__proto__[code]'), part)
      .map(([name, value]) => `${name}=${value}`),
    { maxLength: 4 },
  );
  const cookie = headerValue.map((value) => `Cookie: octostore_sign_in=${value}`);
  const requests = fc.tuple(query, cookie, fc.boolean()).map(([pairs, line, isSent]): FuzzRequest => {
    const path = `/auth/github/callback?${pairs.join('&')}`;
    const check = refusedWith('sign_in_failed', 'malformed_request');
    return { attack: 'sign-ins', method: 'GET', path, headers: isSent ? [line] : [], body: '', check };
  });
  return { share: 2, requests };
}

const isFree: Check = ({ body }) => (body['status'] === 'available' ? [] : ['a new lock is not free']);

/** Headers without a meaning here change nothing. */
export function addHeaders({ user }: Target): Attack {
  const requests = fc.array(idleHeader, { maxLength: 6 }).map((lines): FuzzRequest => {
    const headers = [authorizationOf(user), ...lines];
    return {
      attack: 'other headers',
      method: 'GET',
      path: `/locks/${OWN.newLock}`,
      headers,
      body: '',
      check: isFree,
    };
  });
  return { share: 4, requests };
}
