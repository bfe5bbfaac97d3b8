import * as fc from 'fast-check';
import { address, METHODS, nameOf, ROOTS } from '../../../kit/bad-input/addresses.js';
import { anyAnswer, type Check, type FuzzRequest } from '../fuzz-request.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

const refusedName = refusedWith('validation_failed', 'malformed_request');

/** A path that ends in a verb has another meaning, and a trailing slash is ignored. */
const isPlainName = (text: string): boolean => !/\/watch\/?$/.test(text) && !text.endsWith('/');

/** `GET /locks/…` shows a lock exactly if the rest is a lock name. */
export function showAnything({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const requests = address.filter(isPlainName).map((text): FuzzRequest => {
    const name = nameOf(text);
    const isAbout: Check = ({ body }) => (body['name'] === name ? [] : [`the answer is not about ${name}`]);
    const check = name === null ? refusedName : isAbout;
    return {
      attack: 'lock names in status requests',
      method: 'GET',
      path: `/locks/${text}`,
      headers,
      body: '',
      check,
    };
  });
  return { share: 18, requests };
}

/** `POST /locks/…/acquire` grants a lock, or names its holder, exactly if the path contains a lock name. */
export function acquireAnything({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const ttl = fc.constantFrom(1, 2, 60, 3600);
  const requests = fc
    .tuple(
      address.filter((text) => !text.startsWith('/')),
      ttl,
    )
    .map(([text, ttl_seconds]): FuzzRequest => {
      const name = nameOf(text);
      const check: Check = name === null ? refused : (reply) => grantedOrHeld(reply, name, user.name);
      const body = JSON.stringify({ ttl_seconds });
      return {
        attack: 'lock names in acquires',
        method: 'POST',
        path: `/locks/${text}/acquire`,
        headers,
        body,
        check,
      };
    });
  return { share: 14, requests };
}

/** Any method on any path. */
export function callAnything({ user }: Target): Attack {
  const requests = fc
    .tuple(fc.constantFrom('HEAD', ...METHODS), fc.constantFrom(...ROOTS), address, fc.boolean())
    .map(([method, root, rest, isKnown]): FuzzRequest => {
      const headers = isKnown ? [authorizationOf(user)] : [];
      return { attack: 'any path', method, path: root + rest, headers, body: '', check: anyAnswer };
    });
  return { share: 12, requests };
}

const refused: Check = ({ status }) => (status >= 400 ? [] : ['a lock was granted under an invalid name']);

function grantedOrHeld({ status, body }: Parameters<Check>[0], name: string, user: string): string[] {
  if (status === 409) return [];
  return body['name'] === name && body['holder'] === user ? [] : [`${name} was not granted`];
}
