import * as fc from 'fast-check';
import { address, METHODS, nameOf, ROOTS } from '../../../kit/bad-input/addresses.js';
import { anyAnswer, type Judge, type Shot } from '../shot.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

const refusedName = refusedWith('validation_failed', 'malformed_request');

/** A path that ends in a verb means that, and one that ends in a slash is taken for one that does not. */
const isPlainName = (text: string): boolean => !/\/watch\/?$/.test(text) && !text.endsWith('/');

/** `GET /locks/…` tells of a lock exactly if the rest is a lock name. */
export function askAbout({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const shots = address.filter(isPlainName).map((text): Shot => {
    const name = nameOf(text);
    const isAbout: Judge = ({ body }) => (body['name'] === name ? [] : [`not about ${name}`]);
    const judge = name === null ? refusedName : isAbout;
    return {
      attack: 'lock names asked about',
      method: 'GET',
      path: `/locks/${text}`,
      headers,
      body: '',
      judge,
    };
  });
  return { share: 18, shots };
}

/** `POST /locks/…/acquire` grants a lock, or tells who has it, exactly if what is between is a lock name. */
export function acquireAnything({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const ttl = fc.constantFrom(1, 2, 60, 3600);
  const shots = fc
    .tuple(
      address.filter((text) => !text.startsWith('/')),
      ttl,
    )
    .map(([text, ttl_seconds]): Shot => {
      const name = nameOf(text);
      const judge: Judge = name === null ? refused : (reply) => grantedOrHeld(reply, name, user.name);
      const body = JSON.stringify({ ttl_seconds });
      return {
        attack: 'lock names acquired',
        method: 'POST',
        path: `/locks/${text}/acquire`,
        headers,
        body,
        judge,
      };
    });
  return { share: 14, shots };
}

/** Any method on any address. */
export function goAnywhere({ user }: Target): Attack {
  const shots = fc
    .tuple(fc.constantFrom('HEAD', ...METHODS), fc.constantFrom(...ROOTS), address, fc.boolean())
    .map(([method, root, rest, isKnown]): Shot => {
      const headers = isKnown ? [authorizationOf(user)] : [];
      return { attack: 'any address', method, path: root + rest, headers, body: '', judge: anyAnswer };
    });
  return { share: 12, shots };
}

const refused: Judge = ({ status }) => (status >= 400 ? [] : ['a lock was granted under no name']);

function grantedOrHeld({ status, body }: Parameters<Judge>[0], name: string, user: string): string[] {
  if (status === 409) return [];
  return body['name'] === name && body['holder'] === user ? [] : [`${name} was not granted`];
}
