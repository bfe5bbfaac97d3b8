import * as fc from 'fast-check';
import { address, query } from '../../../kit/bad-input/addresses.js';
import { headerValue } from '../../../kit/bad-input/header-values.js';
import { anyAnswer, OWN, type Judge, type Shot } from '../shot.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

/** Lists with any query. */
export function listAnything({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const list = fc.constantFrom('/locks', '/locks', '/webhooks', `/webhooks/${OWN.webhook}/deliveries`);
  const shots = fc.tuple(list, query).map(([path, text]): Shot => ({
    attack: 'queries of lists',
    method: 'GET',
    path: `${path}?${text}`,
    headers,
    body: '',
    judge: anyAnswer,
  }));
  return { share: 6, shots };
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

/** A stream begins exactly if the position may be one; it begins with a whole frame, or with a comment. */
const judgeWatch =
  (position: string): Judge =>
  (reply, shot) => {
    const text = Buffer.from(position, 'latin1')
      .toString('latin1')
      .replace(/^[\t ]+|[\t ]+$/g, '');
    const isPosition = text === '' || (/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)));
    if (!isPosition) return refusedWith('validation_failed', 'malformed_request')(reply, shot);
    if (reply.status !== 200) return [];
    return /\n(?:(?:event|id|data): |:)/.test(`\n${String(reply.body['text'])}`)
      ? []
      : ['the stream has no frame'];
  };

/** Streams of events, from anywhere and of anything. */
export function watchAnything({ user }: Target): Attack {
  const path = fc.oneof(
    query.map((text) => `/watch?${text}`),
    fc.constantFrom('/watch', `/locks/${OWN.lock}/watch`),
    address.map((text) => `/locks/${text}/watch`),
  );
  const shots = fc.tuple(path, lastEventId).map(([to, position]): Shot => ({
    attack: 'watches',
    method: 'GET',
    path: to,
    headers: [authorizationOf(user), `Last-Event-ID: ${position}`],
    body: '',
    judge: judgeWatch(position),
  }));
  return { share: 2, shots };
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

/** Sessions, webhooks and deliveries by ids of all kinds. */
export function askForIds({ user }: Target): Attack {
  const headers = [authorizationOf(user)];
  const shots = fc
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
    .map(([[method, path], one, other]): Shot => ({
      attack: 'ids in paths',
      method,
      path: path(one, other),
      headers,
      body: '',
      judge: anyAnswer,
    }));
  return { share: 6, shots };
}
