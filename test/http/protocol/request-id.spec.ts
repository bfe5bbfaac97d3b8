import { describe, expect, test } from 'vitest';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE } from '../../support/server.js';
import { useServer } from '../suite.js';

const suite = useServer();

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('X-Request-Id', () => {
  test.each(['a', 'my-request.42_x', 'A'.repeat(64), '0000', '00000000-0000-0000-0000-000000000000'])(
    'of a client is accepted if it is harmless: %s',
    async (id) => {
      const { headers } = await suite.alice.get('/locks', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toBe(id);
    },
  );

  test.each([
    ['an empty id', ''],
    ['a blank', 'a b'],
    ['65 characters', 'A'.repeat(65)],
    ['quotes', 'a"b'],
    ['markup', '<script>'],
    ['a comma, as two headers give', 'a, b'],
    ['a semicolon', 'a;b'],
    ['bytes beyond ASCII', 'caf\u00e9'],
    ['a tab', 'a\tb'],
    ['a printf format', '%s%n'],
    ['a terminal escape', '\u009b31m'],
  ])('of a client is replaced if it has %s', async (_, id) => {
    const text = requestText('GET', '/locks', { authorization: `Bearer ${ALICE}`, 'x-request-id': id });
    const reply = await rawCall(suite.server.url, Buffer.from(text, 'latin1'));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('x-request-id')).toMatch(UUID);
  });

  test('is different each time', async () => {
    const [first, second] = [await suite.nobody.get('/health'), await suite.nobody.get('/health')];
    expect(first.headers.get('x-request-id')).toMatch(UUID);
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'));
  });

  test('appears in the body of every kind of error', async () => {
    const options = { headers: { 'x-request-id': 'my-own-id' } };
    const replies = [
      await suite.nobody.get('/locks', options),
      await suite.alice.get('/nowhere', options),
      await suite.alice.delete('/locks', options),
      await suite.alice.get('/locks/a%20b', options),
      await suite.alice.get('/locks/%ZZ', options),
      await suite.alice.post('/sessions', '{', options),
      await suite.alice.post('/sessions', ' '.repeat(20_000), options),
    ];
    expect(replies.map(({ status }) => status)).toEqual([401, 404, 405, 422, 400, 400, 413]);
    for (const { headers, body } of replies) {
      expect(headers.get('x-request-id')).toBe('my-own-id');
      expect(body['request_id']).toBe('my-own-id');
    }
  });
});
