import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';
import { ADMIN_KEY, ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { KeptConnection } from './connection.js';
import { countsOf } from './counts.js';
import { badToken, headerValue, idleHeader, request, scheme } from '../../lab/kit/bad-input/header-values.js';

const suite = useServer({}, new ManualClock());

test('only a valid Authorization header is accepted', async () => {
  const connection = new KeptConnection(suite.server.url);
  const paths = ['/locks', '/locks/a', '/sessions/a', '/webhooks', '/watch'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), scheme, badToken(ALICE), async (path, word, text) => {
      const reply = await connection.exchange(request('GET', path, [`authorization: ${word} ${text}`]));
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'unauthorized' });
      expect(reply.status).toBe(401);
      expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="OctoStore"');
    }),
    budget(4),
  );
});

test('a valid Authorization header beside another one is refused', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(badToken(ALICE), fc.boolean(), async (text, isFirst) => {
      const lines = [`authorization: Bearer ${ALICE}`, `Authorization: Bearer ${text}`];
      const reply = await connection.exchange(request('GET', '/locks', isFirst ? lines : lines.toReversed()));
      expect(reply.status).toBe(401);
    }),
    budget(),
  );
});

test('only the admin key in X-Admin-Key opens the admin routes', async () => {
  const connection = new KeptConnection(suite.server.url);
  const key = fc
    .oneof(headerValue, fc.constantFrom(ADMIN_KEY.slice(1), `${ADMIN_KEY}${ADMIN_KEY}`, ''))
    .filter((text) => text.trim() !== ADMIN_KEY);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/admin/status', '/metrics'), key, async (path, text) => {
      const reply = await connection.exchange(request('GET', path, [`x-admin-key: ${text}`]));
      expect(reply.status).toBe(401);
    }),
    budget(2),
  );
});

test('any other headers get a well-formed answer', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(fc.array(idleHeader, { maxLength: 6 }), async (lines) => {
      const before = countsOf(suite.server);
      const all = [`authorization: Bearer ${ALICE}`, ...lines];
      const reply = await connection.exchange(request('GET', '/locks/a', all));
      expect(reply.status).toBe(200);
      expect(JSON.parse(reply.body)).toMatchObject({ status: 'available' });
      expect(reply.headers.get('x-request-id')).toMatch(/^[a-zA-Z0-9._-]{1,64}$/);
      expect(reply.headers.has('access-control-allow-origin')).toBe(false);
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(4),
  );
});
