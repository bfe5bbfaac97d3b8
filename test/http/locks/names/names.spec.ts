import { describe, expect, test } from 'vitest';
import { rawCall, requestText } from '../../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../../support/server.js';
import { acquire, expectError, newName, useServer } from '../../suite.js';

const suite = useServer();

describe('a name that is allowed', () => {
  test.each([
    ['one letter', 'a'],
    ['all kinds of characters', 'aZ0._-'],
    ['dots at the ends', '.hidden.'],
    ['three dots', '...'],
    ['dashes only', '---'],
    ['a component of 64 characters', 'c'.repeat(64)],
    ['256 characters in all', `${`${'d'.repeat(63)}/`.repeat(3)}${'d'.repeat(64)}`],
    ['the name of a verb', 'acquire'],
    ['a verb as its last component', 'e/acquire'],
    ['verbs only', 'acquire/release/renew'],
    ['the word watch', 'watch'],
    ['the last component watch', 'f/watch'],
    ['property names of JavaScript objects', '__proto__/constructor'],
    ['a dot and a word', './x'.replace('./', '.d/')],
  ])('of %s works for every request, raw and encoded', async (_, name) => {
    const encoded = encodeURIComponent(name);
    const { body } = await suite.alice.post(`/locks/${name}/acquire`, { ttl_seconds: 60 });
    expect(body).toMatchObject({ status: 'acquired', name });
    const again = await suite.alice.post(`/locks/${encoded}/acquire`, { ttl_seconds: 60 });
    expect(again.body).toMatchObject({ status: 'held', name, lease_id: body['lease_id'] });
    const status = await suite.alice.get(`/locks/${encoded}`);
    expect(status.body).toMatchObject({ status: 'held', name, lease_id: body['lease_id'] });
    const renewal = { lease_id: body['lease_id'], ttl_seconds: 60 };
    expect((await suite.alice.post(`/locks/${name}/renew`, renewal)).body['name']).toBe(name);
    expect((await suite.alice.post(`/locks/${encoded}/renew`, renewal)).body['name']).toBe(name);
    const release = { lease_id: body['lease_id'] };
    expect((await suite.alice.post(`/locks/${encoded}/release`, release)).status).toBe(200);
    expect((await suite.alice.post(`/locks/${name}/release`, release)).status).toBe(404);
  });
});

describe('one lock by two addresses', () => {
  test.each([
    ['with some of its slashes encoded', 'x%2Fy/z', 'x/y/z'],
    ['with small hexadecimal digits', 'x%2fy2', 'x/y2'],
    ['with a letter encoded', '%78/y3', 'x/y3'],
    ['with a dot encoded', 'v1%2E2', 'v1.2'],
  ])('%s', async (_, address, name) => {
    await acquire(suite.alice, address);
    expect((await suite.bob.get(`/locks/${name}`)).body).toMatchObject({ status: 'held', name });
  });

  test('with different case is another lock', async () => {
    await acquire(suite.alice, 'Case/Matters');
    expect((await suite.bob.get('/locks/case/matters')).body['status']).toBe('available');
    await acquire(suite.bob, 'case/matters');
  });
});

describe('where a raw path has two possible meanings', () => {
  test('GET /locks/a/watch is the watch, and /locks/a%2Fwatch the lock', async () => {
    const name = newName();
    await acquire(suite.alice, `${name}%2Fwatch`);
    const status = await suite.alice.get(`/locks/${name}%2Fwatch`);
    expect(status.body).toMatchObject({ status: 'held', name: `${name}/watch` });

    const going = new AbortController();
    const watch = await fetch(`${suite.server.url}/locks/${name}/watch`, {
      headers: { authorization: `Bearer ${ALICE}` },
      signal: going.signal,
    });
    expect(watch.headers.get('content-type')).toContain('text/event-stream');
    going.abort();
  });

  test('POST /locks/a/acquire/acquire is for the lock a/acquire', async () => {
    const name = newName();
    const { body } = await suite.alice.post(`/locks/${name}/acquire/acquire`, { ttl_seconds: 60 });
    expect(body['name']).toBe(`${name}/acquire`);
    const status = await suite.alice.get(`/locks/${name}/acquire`);
    expect(status.body).toMatchObject({ status: 'held', name: `${name}/acquire` });
  });
});

describe('a name that is refused', () => {
  const routes: [string, string, string][] = [
    ['POST', '/acquire', '{"ttl_seconds":60}'],
    ['POST', '/release', '{"lease_id":"550e8400-e29b-41d4-a716-446655440000"}'],
    ['POST', '/renew', '{"lease_id":"550e8400-e29b-41d4-a716-446655440000","ttl_seconds":60}'],
    ['GET', '', ''],
    ['GET', '/watch', ''],
  ];

  test.each([
    ['a dot', '.'],
    ['two dots', '..'],
    ['two dots, encoded', '%2e%2e'],
    ['two dots among others', 'a/../b'],
    ['two dots among others, encoded', 'a%2F..%2Fb'],
    ['a dot at the end', 'a/.'],
    ['a component of 65 characters', 'c'.repeat(65)],
    ['257 characters in all', `${`${'d'.repeat(63)}/`.repeat(4)}d`],
    ['an encoded slash at the end', 'a%2F'],
    ['an encoded slash at the start', '%2Fa'],
    ['two slashes', 'a%2F%2Fb'],
    ['two raw slashes', 'a//b'],
    ['a blank', 'a%20b'],
    ['a plus', 'a+b'],
    ['a colon', 'a:b'],
    ['NUL', 'a%00b'],
    ['a line feed', 'a%0Ab'],
    ['a line feed at the end', 'a%0A'],
    ['an umlaut', '%C3%BC'],
    ['a full-width letter', '%EF%BD%81'],
    ['a percent sign', '100%25'],
    ['a slash encoded twice', 'a%252Fb'],
    ['a question mark', 'a%3Fb'],
    ['a backslash', 'a%5Cb'],
  ])('with %s, on every route', async (_, address) => {
    const before = await suite.state();
    for (const [method, verb, body] of routes) {
      const text = requestText(
        method,
        `/locks/${address}${verb}`,
        { authorization: `Bearer ${ALICE}` },
        body,
      );
      const reply = await rawCall(suite.server.url, text);
      expect(JSON.parse(reply.body)).toMatchObject({ code: 'validation_failed' });
      expect(reply.status).toBe(422);
    }
    expect(await suite.state()).toEqual(before);
  });

  test('gets an error that says which rule it breaks, and does not repeat it', async () => {
    const reply = await suite.alice.get(`/locks/${'secret'.repeat(20)}`);
    expectError(reply, 'validation_failed');
    expect(reply.body['details']).toContain('64');
    expect(reply.body['details']).not.toContain('secret');
  });
});
