import * as fc from 'fast-check';
import { address, query } from '../../../kit/bad-input/addresses.js';
import { headerValue } from '../../../kit/bad-input/header-values.js';
import { anyAnswer, OWN, type Check, type FuzzRequest } from '../fuzz-request.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

/** Lists with any query. */
export function listAnything({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const list = fc.constantFrom('/locks', '/locks', '/webhooks', `/webhooks/${OWN.webhook}/deliveries`);
  const requests = fc.tuple(list, query).map(([path, text]): FuzzRequest => ({
    attack: 'queries of lists',
    method: 'GET',
    path: `${path}?${text}`,
    headers,
    body: '',
    check: anyAnswer,
  }));
  return { share: 6, requests };
}

const lastEventId = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '00',
    '-1',
    '1e3',
    '1.0',
    '0x1',
    ' 1',
    '1 ',
    '9007199254740991',
    '9007199254740992',
  ),
  fc.constantFrom('9'.repeat(16), '9'.repeat(17), '9'.repeat(400), 'null', '١', '1,2'),
  headerValue,
);

/** A stream must start exactly if the position is valid. It must begin with a complete frame or a comment. */
const checkWatch =
  (position: string): Check =>
  (reply, request) => {
    const text = Buffer.from(position, 'latin1')
      .toString('latin1')
      .replace(/^[\t ]+|[\t ]+$/g, '');
    const isPosition = text === '' || (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)));
    if (!isPosition) return refusedWith('validation_failed', 'malformed_request')(reply, request);
    if (reply.status !== 200) return [];
    return /\n(?:(?:event|id|data): |:)/.test(`\n${String(reply.body['text'])}`)
      ? []
      : ['the stream does not begin with a frame'];
  };

/** Event streams of any locks, from any position. */
export function watchAnything({ user }: Target): Attack {
  const path = fc.oneof(
    query.map((text) => `/watch?${text}`),
    fc.constantFrom('/watch', `/locks/${OWN.lock}/watch`),
    address.map((text) => `/locks/${text}/watch`),
  );
  const requests = fc.tuple(path, lastEventId).map(([to, position]): FuzzRequest => ({
    attack: 'watches',
    method: 'GET',
    path: to,
    headers: [authorizationOf(user), `Last-Event-ID: ${position}`],
    body: '',
    check: checkWatch(position),
  }));
  return { share: 2, requests };
}

const id = fc.oneof(
  address,
  fc.uuid(),
  fc.constantFrom(
    OWN.session,
    OWN.webhook,
    OWN.lease,
    `%20${OWN.session}`,
    `${OWN.session}%00`,
    `{${OWN.session}}`,
  ),
  fc.uuid().map((text) => text.replaceAll('-', '')),
);

/** Sessions, webhooks and deliveries with all kinds of ids. */
export function askForIds({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const requests = fc
    .tuple(
      fc.constantFrom<readonly [string, (one: string, other: string) => string]>(
        ['GET', (one) => `/sessions/${one}`],
        ['POST', (one) => `/sessions/${one}/keepalive`],
        ['DELETE', (one) => `/sessions/${one}`],
        ['DELETE', (one) => `/webhooks/${one}`],
        ['GET', (one) => `/webhooks/${one}/deliveries`],
        ['POST', (one, other) => `/webhooks/${one}/deliveries/${other}/redeliver`],
      ),
      id,
      id,
    )
    .map(([[method, path], one, other]): FuzzRequest => ({
      attack: 'ids in paths',
      method,
      path: path(one, other),
      headers,
      body: '',
      check: anyAnswer,
    }));
  return { share: 6, requests };
}
