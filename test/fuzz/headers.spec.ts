import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';
import { ADMIN_KEY, ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { KeptConnection } from './connection.js';
import { countsOf } from './counts.js';

const suite = useServer({}, new ManualClock());

/** What a header may have for its value at all: anything but what ends it. */
const value = fc.oneof(
  fc.stringMatching(/^[\t -~]{0,40}$/),
  fc
    .uint8Array({ maxLength: 40 })
    .map((bytes) => Buffer.from(bytes.filter((byte) => byte >= 0x20 && byte !== 0x7f)).toString('latin1')),
);

const scheme = fc.constantFrom(
  'Bearer',
  'bearer',
  'BEARER',
  'Basic',
  'Token',
  'Bearer Bearer',
  '',
  'Bearer\t',
  'Bearer:',
);

/** Tokens that nobody has, most of them near one that somebody has. */
const token = fc
  .oneof(
    value,
    fc.constantFrom('', 'null', 'undefined', 'octo_', `octo_${'a'.repeat(38)}`, 'x'.repeat(513), '*'),
    fc.constantFrom(ALICE.slice(0, -1), `${ALICE}x`, ALICE.toUpperCase(), `"${ALICE}"`, `${ALICE},${ALICE}`),
    fc.nat(ALICE.length - 1).map((index) => ALICE.slice(0, index) + ALICE.slice(index + 1)),
    fc.nat(ALICE.length - 1).map((index) => `${ALICE.slice(0, index)}~${ALICE.slice(index + 1)}`),
  )
  .filter((text) => text.trim() !== ALICE && !text.trim().includes(` ${ALICE}`));

function request(method: string, path: string, lines: readonly string[]): Buffer {
  return Buffer.from([`${method} ${path} HTTP/1.1`, 'host: a', ...lines, '', ''].join('\r\n'), 'latin1');
}

test('no Authorization but a valid one opens anything', async () => {
  const connection = new KeptConnection(suite.server.url);
  const paths = ['/locks', '/locks/a', '/sessions/a', '/webhooks', '/watch'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), scheme, token, async (path, word, text) => {
      const reply = await connection.ask(request('GET', path, [`authorization: ${word} ${text}`]));
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'unauthorized' });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="OctoStore"');
    }),
    budget(4),
  );
});

test('a valid Authorization beside another one opens nothing', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(token, fc.boolean(), async (text, isFirst) => {
      const lines = [`authorization: Bearer ${ALICE}`, `Authorization: Bearer ${text}`];
      const reply = await connection.ask(request('GET', '/locks', isFirst ? lines : lines.toReversed()));
      expect(reply.status).toBe(401);
    }),
    budget(),
  );
});

test('no X-Admin-Key but the admin key opens the admin routes', async () => {
  const connection = new KeptConnection(suite.server.url);
  const key = fc
    .oneof(value, fc.constantFrom(ADMIN_KEY.slice(1), `${ADMIN_KEY}${ADMIN_KEY}`, ''))
    .filter((text) => text.trim() !== ADMIN_KEY);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/admin/status', '/metrics'), key, async (path, text) => {
      const reply = await connection.ask(request('GET', path, [`x-admin-key: ${text}`]));
      expect(reply.status).toBe(401);
    }),
    budget(2),
  );
});

test('whatever the other headers, the answer is an orderly one', async () => {
  const connection = new KeptConnection(suite.server.url);
  const names = [
    'X-Request-Id',
    'Content-Type',
    'Accept',
    'Accept-Encoding',
    'Origin',
    'Cookie',
    'If-None-Match',
    'If-Match',
    'Range',
    'X-Forwarded-For',
    'X-Forwarded-Proto',
    'X-HTTP-Method-Override',
    'Forwarded',
    'Host',
    'Referer',
    'User-Agent',
    'Last-Event-ID',
    'Date',
    'TE',
    'Via',
  ];
  const line = fc.tuple(fc.constantFrom(...names), value).map(([name, text]) => `${name}: ${text}`);
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), async (lines) => {
      const before = countsOf(suite.server);
      const all = [`authorization: Bearer ${ALICE}`, ...lines];
      const reply = await connection.ask(request('GET', '/locks/a', all));
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body)).toMatchObject({ status: 'available' });
      expect(reply.headers.get('x-request-id')).toMatch(/^[a-zA-Z0-9._-]{1,64}$/);
      expect(reply.headers.has('access-control-allow-origin')).toBe(false);
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(4),
  );
});
