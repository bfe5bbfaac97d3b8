import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLockName } from '../../src/core/lock-name.js';
import { ManualClock } from '../support/manual-clock.js';
import { requestText, type RawReply } from '../support/raw-http.js';
import { ALICE } from '../support/server.js';
import { useServer } from '../http/suite.js';
import { budget } from './budget.js';
import { KeptConnection } from './connection.js';
import { countsOf } from './counts.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000000' }, new ManualClock());
const AUTHORIZATION = { authorization: `Bearer ${ALICE}` };

/** Pieces of addresses: names, verbs, and what percent-encoding can go wrong with. */
const piece = fc.oneof(
  fc.constantFrom('a', 'B', '0', '-', '_', '.', '..', '/', '//', '%2F', '%2f', 'acquire', 'watch', 'release'),
  fc.constantFrom(
    '%',
    '%Z',
    '%ZZ',
    '%00',
    '%0a',
    '%2e',
    '%2E%2e',
    '%25',
    '%252F',
    '%ff',
    '%C3%BC',
    '%F0%9F%90%99',
  ),
  fc.constantFrom(
    '+',
    ' '.replace(' ', '%20'),
    ';',
    ':',
    '@',
    '*',
    '~',
    '\\',
    '|',
    '"',
    '<',
    '{name}',
    ':id',
    '(',
    ')',
  ),
  fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'y/'.repeat(120)),
  fc.stringMatching(/^[!-~]{1,6}$/).filter((text) => !/[?#]/.test(text)),
);

const address = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

/** Whether an address is the name of a lock, once it is decoded. */
function nameOf(text: string): string | null {
  try {
    const parsed = parseLockName(decodeURIComponent(text));
    return parsed.ok ? parsed.name : null;
  } catch {
    return null;
  }
}

function expectOrderly(reply: RawReply): Record<string, unknown> {
  expect(reply.status).toBeLessThan(500);
  const body = JSON.parse(reply.body) as Record<string, unknown>;
  if (reply.status >= 400) {
    expect(body).toMatchObject({ error: expect.any(String), code: expect.any(String) });
    expect(body['request_id']).toBe(reply.headers.get('x-request-id'));
  }
  return body;
}

test('GET /locks/… is a lock exactly if the rest is a lock name', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(address, async (text) => {
      fc.pre(!/\/watch\/?$/.test(text) && !text.endsWith('/'));
      const reply = await connection.ask(requestText('GET', `/locks/${text}`, AUTHORIZATION));
      const body = expectOrderly(reply);
      const name = nameOf(text);
      if (name === null) expect(['validation_failed', 'malformed_request']).toContain(body['code']);
      else expect(body).toMatchObject({ name, status: 'available' });
    }),
    budget(6),
  );
});

test('POST /locks/…/acquire grants a lock exactly if what is between is a lock name', async () => {
  const connection = new KeptConnection(suite.server.url);
  await fc.assert(
    fc.asyncProperty(address, async (text) => {
      fc.pre(!text.startsWith('/'));
      const before = countsOf(suite.server);
      const path = `/locks/${text}/acquire`;
      const reply = await connection.ask(requestText('POST', path, AUTHORIZATION, '{"ttl_seconds":60}'));
      const body = expectOrderly(reply);
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

test('whatever the address and the method, the answer is an orderly one', async () => {
  const connection = new KeptConnection(suite.server.url);
  const roots = [
    '/',
    '/locks',
    '/sessions/',
    '/webhooks/',
    '/auth/',
    '/docs/',
    '/health',
    '/admin/',
    '/openapi.',
  ];
  const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'SEARCH'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...methods),
      fc.constantFrom(...roots),
      address,
      fc.boolean(),
      async (method, root, rest, isKnown) => {
        fc.pre(!(root === '/locks' && /\/watch\/?$/.test(rest)));
        const headers = isKnown ? AUTHORIZATION : {};
        const reply = await connection.ask(requestText(method, root + rest, headers));
        expect(reply.status).toBeLessThan(500);
        if (reply.status >= 400) expectOrderly(reply);
      },
    ),
    budget(6),
  );
});

test('whatever the query, the answer is an orderly one, and nothing changes', async () => {
  const connection = new KeptConnection(suite.server.url);
  const key = fc.oneof(
    fc.constantFrom('prefix', 'owner', 'limit', 'cursor', '__proto__', 'prefix[]', 'a[b]', ''),
    piece,
  );
  const value = fc.oneof(fc.constantFrom('me', '1', '0', '-1', '1e3', '10000', '10001', 'YQ', 'Li4'), piece);
  const pair = fc.tuple(key, value).map(([name, text]) => `${name}=${text}`);
  const query = fc.array(fc.oneof({ weight: 5, arbitrary: pair }, key), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(query, fc.constantFrom('&', ';', '&&'), async (parts, separator) => {
      const before = countsOf(suite.server);
      const reply = await connection.ask(
        requestText('GET', `/locks?${parts.join(separator)}`, AUTHORIZATION),
      );
      const body = expectOrderly(reply);
      if (reply.status === 200) expect(body).toMatchObject({ locks: expect.any(Array) });
      else expect(['validation_failed', 'malformed_request']).toContain(body['code']);
      expect(countsOf(suite.server)).toEqual(before);
    }),
    budget(6),
  );
});
