import { Logger } from '@nestjs/common';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Replies } from '../../../src/http/answer/replies.js';
import { startServer, type TestServer } from '../../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
});

afterAll(() => server.close());

function failToAnswer(times: number): void {
  const reply = vi.spyOn(Replies.prototype, 'sendError');
  for (let count = 0; count < times; count += 1) {
    reply.mockImplementationOnce(() => {
      throw new Error('the log disk is full');
    });
  }
}

test('a failure in the error filter itself is answered in the usual error shape', async () => {
  // Nest calls the filter twice.
  failToAnswer(2);
  const response = await fetch(`${server.url}/nothing-there`);
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const requestId = response.headers.get('x-request-id');
  expect(await response.json()).toMatchObject({ code: 'internal_error', request_id: requestId });
});

test('the connection is closed if no answer is possible', async () => {
  failToAnswer(3);
  await expect(fetch(`${server.url}/nothing-there`)).rejects.toThrow('fetch failed');
  expect((await fetch(`${server.url}/nothing-there`)).status).toBe(404);
});
