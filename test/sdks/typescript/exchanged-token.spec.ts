import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exchangedToken, AuthenticationError, OctoStoreClient } from '@octostore/client';
import { expect, onTestFinished, test } from 'vitest';

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** A server that exchanges tokens, and accepts only the last one that it gave. */
async function startServer(expiresInSeconds: number) {
  const asked: Asked[] = [];
  let given = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { url = '', headers } = request;
      asked.push({ path: url, authorization: headers.authorization, body });
      const reply = (status: number, value: object): void => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      };
      if (url === '/auth/exchange') {
        if (body.includes('refused'))
          return reply(401, { error: 'No.', code: 'subject_token_refused', request_id: 'x' });
        given += 1;
        return reply(200, { access_token: `token-${given}`, expires_in: expiresInSeconds });
      }
      if (headers.authorization !== `Bearer token-${given}`)
        return reply(401, { error: 'Expired.', code: 'token_expired', request_id: 'x' });
      return reply(200, { locks: [], total: 0, next_cursor: null });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    baseUrl,
    end: () => (given += 1),
    exchanges: () => asked.filter(({ path }) => path === '/auth/exchange'),
  };
}

test('a client exchanges before its first request, without a token', async () => {
  const { baseUrl, exchanges } = await startServer(900);
  const token = exchangedToken({ baseUrl, subjectToken: () => ' a.b.c\n' });
  const client = new OctoStoreClient({ baseUrl, token });
  await Promise.all([client.listLocks(), client.listLocks()]);
  expect(exchanges()).toHaveLength(1);
  const [{ authorization, body } = { authorization: 'none', body: '{}' }] = exchanges();
  expect(authorization).toBeUndefined();
  expect(JSON.parse(body)).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    subject_token: 'a.b.c',
  });
});

test('it exchanges again when the server has ended the token, with the newest subject token', async () => {
  const { baseUrl, exchanges, end } = await startServer(900);
  const tokens = ['a.b.1', 'a.b.2'];
  const token = exchangedToken({ baseUrl, subjectToken: async () => Promise.resolve(tokens.shift() ?? '') });
  const client = new OctoStoreClient({ baseUrl, token });
  await client.listLocks();
  end();
  await client.listLocks();
  expect(
    exchanges().map(({ body }) => (JSON.parse(body) as { subject_token: string }).subject_token),
  ).toEqual(['a.b.1', 'a.b.2']);
});

test('it exchanges before the token ends, and requests do not wait for that', async () => {
  // The token has no time left, so the next request asks for another one.
  const { baseUrl, exchanges } = await startServer(0);
  const client = new OctoStoreClient({
    baseUrl,
    token: exchangedToken({ baseUrl, subjectToken: () => 'a.b.c' }),
  });
  await client.listLocks();
  await expect
    .poll(async () => {
      await client.listLocks();
      return exchanges().length;
    })
    .toBeGreaterThan(1);
});

test('a refusal is the cause of the error', async () => {
  const { baseUrl } = await startServer(900);
  const client = new OctoStoreClient({
    baseUrl,
    token: exchangedToken({ baseUrl, subjectToken: () => 'refused' }),
  });
  const error: unknown = await client.listLocks().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect((error as Error).cause).toMatchObject({ code: 'subject_token_refused' });
});
