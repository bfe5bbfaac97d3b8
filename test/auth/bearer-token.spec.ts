import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { bearerTokenOf } from '../../src/auth/tokens/bearer-token.js';

function tokenIn(...authorization: string[]): string | null {
  const request = new IncomingMessage(new Socket());
  request.rawHeaders = ['Host', 'x', ...authorization.flatMap((value) => ['Authorization', value])];
  const [first] = authorization;
  if (first !== undefined) request.headers = { authorization: first };
  return bearerTokenOf(request);
}

test.each([
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER abc', 'abc'],
  ['Bearer  abc', 'abc'],
  ['Bearer a,b:c=', 'a,b:c='],
  [`Bearer ${'x'.repeat(512)}`, 'x'.repeat(512)],
])('%s', (header, token) => {
  expect(tokenIn(header)).toBe(token);
});

test.each([
  [[]],
  [['']],
  [['Bearer']],
  [['Bearer ']],
  [['Bearerabc']],
  [['Basic abc']],
  [['Token abc']],
  [['abc']],
  [[' Bearer abc']],
  [['Bearer abc def']],
  [['Bearer abc ']],
  [['Bearer a\tb']],
  [['Bearer abc, Bearer def']],
  [['Bearer äbc']],
  [['Bearer a\u0000bc']],
  [[`Bearer ${'x'.repeat(513)}`]],
  [['Bearer abc', 'Bearer abc']],
  [['Bearer abc', 'Basic abc']],
])('no token in %j', (headers) => {
  expect(tokenIn(...headers)).toBeNull();
});
