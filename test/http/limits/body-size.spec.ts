import { expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../../../src/http/input/request-body.js';
import { rawCall, requestText } from '../../../lab/kit/http/raw-http.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { ALICE } from '../../support/server.js';
import { newName, useServer } from '../suite.js';

const suite = useServer();
const authorization = `Bearer ${ALICE}`;
const acquirePath = (): string => `/locks/${newName('body-size')}/acquire`;

/** A request for a lock, padded with blanks to the given length. */
function bodyOf(bytes: number): string {
  return '{"ttl_seconds":60}'.padEnd(bytes);
}

test.each(['', '?by=express'])(
  'a body may have up to the limit of bytes and no more, also with the query %j',
  async (query) => {
    const url = suite.server.url;
    const request = (bytes: number) =>
      requestText('POST', acquirePath() + query, { authorization }, bodyOf(bytes));
    expect((await rawCall(url, request(BODY_BYTES_MAX))).status).toBe(200);
    const refused = await rawCall(url, request(BODY_BYTES_MAX + 1));
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.body)).toMatchObject({
      details: `The limit is ${BODY_BYTES_MAX} bytes.`,
    });
  },
);

test('a client that sends Expect gets 100 Continue if its body is small enough', async () => {
  const statusFor = async (bytes: number) => {
    const headers = { authorization, expect: '100-continue', 'content-length': String(bytes) };
    const connection = await openRawConnection(suite.server.url);
    return (await connection.send(requestText('POST', acquirePath(), headers)).reply()).status;
  };
  expect([await statusFor(BODY_BYTES_MAX), await statusFor(BODY_BYTES_MAX + 1)]).toEqual([100, 413]);
});

test('an unknown route has the same limit of the body size', async () => {
  const statusOf = async (bytes: number) =>
    (await rawCall(suite.server.url, requestText('POST', '/nowhere', {}, bodyOf(bytes)))).status;
  expect([await statusOf(BODY_BYTES_MAX), await statusOf(BODY_BYTES_MAX + 1)]).toEqual([404, 413]);
});
