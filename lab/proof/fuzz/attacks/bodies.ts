import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import {
  BODY_ROUTES,
  brokenText,
  isOfUnissuedToken,
  isPlain,
  parsed,
  REFUSALS,
  RequestBodies,
} from '../../../kit/bad-input/bodies.js';
import { objectText, otherText } from '../../../kit/bad-input/texts.js';
import { BODY_BYTES_MAX } from '../../../../src/http/input/request-body.js';
import { anyAnswer, OWN, type Check, type FuzzRequest } from '../fuzz-request.js';
import { authorizationOf, refusedWith, type Attack, type Target } from './attack.js';

/** The fields that hold the attacker's own ids, so that many requests are accepted. */
const OWN_FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'POST /locks/{name}/acquire': { lease_id: OWN.newLease, session_id: OWN.session },
  'POST /locks/{name}/release': { lease_id: OWN.lease },
  'POST /locks/{name}/renew': { lease_id: OWN.lease },
};

/** No lease may end because of a request that happens to be valid. */
const NEVER_HELD = 'fuzz/never-held';

function pathOf(template: string): string {
  if (template.endsWith('/break')) return template.replace('{name}', NEVER_HELD);
  // With a held lock, an acquire could wait for a minute.
  return template.replace('{name}', template.endsWith('/acquire') ? OWN.newLock : OWN.lock);
}

/** Bodies that are almost valid, and others. They must be refused exactly if the schema does not allow them. */
export function sendBodies({ user, adminKey, contract }: Target): Attack {
  const bodies = new RequestBodies(contract);
  const perRoute = Object.entries(BODY_ROUTES).map(([route, valid]) => {
    const [method = '', template = ''] = route.split(' ');
    const isForOperators = template.startsWith('/admin/') || template.endsWith('/break');
    const token = isForOperators ? adminKey : user.token;
    const headers = [authorizationOf({ ...user, token })];
    const check: Check = (reply, { body }) =>
      checkBody(reply, String(body), (value) => bodies.allow(template, value));
    const near = objectText({ ...valid, ...OWN_FIELDS[route] });
    return fc.oneof({ weight: 4, arbitrary: near }, otherText).map((body): FuzzRequest => ({
      attack: 'JSON bodies',
      method,
      path: pathOf(template),
      headers,
      body,
      check,
    }));
  });
  return { share: 24, requests: fc.oneof(...perRoute) };
}

function checkBody(
  reply: Parameters<Check>[0],
  body: string,
  isAllowed: (value: unknown) => boolean,
): string[] {
  const { code } = reply.body;
  if (Buffer.byteLength(body) > BODY_BYTES_MAX)
    return code === 'body_too_large' ? [] : ['a body that is too large was not refused'];
  if (isOfUnissuedToken(reply)) return [];
  if (isAllowed(parsed(body)))
    return code === 'validation_failed' && isPlain(body) ? ['a valid body was refused'] : [];
  return REFUSALS.includes(code) ? [] : ['a body that the schema does not allow was accepted'];
}

const VALID = '{"ttl_seconds":60,"metadata":"m"}';

const encodings = fc.constantFrom<readonly [string, string | Buffer, Check]>(
  [
    'content-type: application/json; charset=utf-16le',
    Buffer.from(VALID, 'utf16le'),
    refusedWith('malformed_json'),
  ],
  [
    'content-type: application/json; charset=utf-16',
    Buffer.from(`\uFEFF${VALID}`, 'utf16le'),
    refusedWith('malformed_json'),
  ],
  ['content-type: application/json; charset=utf-7', VALID, anyAnswer],
  ['content-type: application/x-www-form-urlencoded', 'ttl_seconds=60', refusedWith('malformed_json')],
  ['content-type: multipart/form-data; boundary=x', '--x\r\n\r\n60\r\n--x--', refusedWith('malformed_json')],
  ['content-type: \u00ff', VALID, anyAnswer],
  ['content-encoding: gzip', gzipSync(VALID), refusedWith('unsupported_encoding')],
  ['content-encoding: br', VALID, refusedWith('unsupported_encoding')],
  ['content-type: application/json', `\uFEFF${VALID}`, anyAnswer],
  ['content-type: application/json', `\uFEFF\uFEFF${VALID}`, refusedWith('malformed_json')],
  ['x-a: b', `${VALID}${' '.repeat(BODY_BYTES_MAX - VALID.length)}`, anyAnswer],
  ['x-a: b', `${VALID}${' '.repeat(BODY_BYTES_MAX + 1 - VALID.length)}`, refusedWith('body_too_large')],
  ['x-a: b', 'x'.repeat(100_000), refusedWith('body_too_large')],
);

/** Bodies in other encodings, with other content types, and with invalid bytes. */
export function sendEncodings({ user }: Target): Attack {
  const broken = brokenText.map((body) => ['x-a: b', body, refusedWith('malformed_json')] as const);
  const requests = fc.oneof(broken, encodings).map(([header, body, check]): FuzzRequest => {
    const headers = [authorizationOf(user), header];
    const path = `/locks/${OWN.newLock}/acquire`;
    return { attack: 'encodings of bodies', method: 'POST', path, headers, body, check };
  });
  return { share: 4, requests };
}
