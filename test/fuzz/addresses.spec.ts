import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../support/manual-clock.js';
import { requestText, type RawReply } from '../../lab/kit/http/raw-http.js';
import { ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { address, METHODS, nameOf, query, ROOTS } from '../../lab/kit/bad-input/addresses.js';
import { budget } from './budget.js';
import { KeptConnection } from './connection.js';
import { countsOf } from './counts.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000000' }, new ManualClock());
const AUTHORIZATION = { authorization: `Bearer ${ALICE}` };

function expectWellFormed(reply: RawReply): Record<string, unknown> {
  expect(reply.status).toBeLessThan(500);
  const body = JSON.parse(reply.body) as Record<string, unknown>;
  if (reply.status >= 400) {
    expect(body).toMatchObject({ error: expect.any(String), code: expect.any(String) });
    expect(body['request_id']).toBe(reply.headers.get('x-request-id'));
  }
  return body;
}

test('GET /locks/… returns a lock exactly if the rest is a lock name', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(address, async (text) => {
      fc.pre(!/\/watch\/?$/.test(text) && !text.endsWith('/'));
      const reply = await connection.exchange(requestText('GET', `/locks/${text}`, AUTHORIZATION));
      const body = expectWellFormed(reply);
      const name = nameOf(text);
      if (name === null) expect(['validation_failed', 'malformed_request']).toContain(body['code']);
      else expect(body).toMatchObject({ name, status: 'available' });
    }),
    budget(6),
  );
});

test('POST /locks/…/acquire grants a lock exactly if the part between is a lock name', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(address, async (text) => {
      fc.pre(!text.startsWith('/'));
      const before = countsOf(suite.server);
      const path = `/locks/${text}/acquire`;
      const reply = await connection.exchange(requestText('POST', path, AUTHORIZATION, '{"ttl_seconds":60}'));
      const body = expectWellFormed(reply);
      const name = nameOf(text);
      if (name !== null) {
        expect(body).toMatchObject({ name, holder: 'alice' });
        return;
      }
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(4),
  );
});

test('any address and method get a well-formed answer', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...METHODS),
      fc.constantFrom(...ROOTS),
      address,
      fc.boolean(),
      async (method, root, rest, isKnown) => {
        fc.pre(!(root === '/locks' && /\/watch\/?$/.test(rest)));
        const headers = isKnown ? AUTHORIZATION : {};
        const reply = await connection.exchange(requestText(method, root + rest, headers));
        expect(reply.status).toBeLessThan(500);
        if (reply.status >= 400) expectWellFormed(reply);
      },
    ),
    budget(6),
  );
});

test('any query gets a well-formed answer, and changes nothing', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(query, async (text) => {
      const before = countsOf(suite.server);
      const reply = await connection.exchange(requestText('GET', `/locks?${text}`, AUTHORIZATION));
      const body = expectWellFormed(reply);
      if (reply.status === 200) expect(body).toMatchObject({ locks: expect.any(Array) });
      else expect(['validation_failed', 'malformed_request']).toContain(body['code']);
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(6),
  );
});
