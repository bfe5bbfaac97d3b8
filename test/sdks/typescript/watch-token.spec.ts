import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  AuthenticationError,
  OctoStoreClient,
  type ClientOptions,
} from '../../../sdks/typescript/src/index.js';

const STATE =
  'event: state\nid: 5\ndata: {"name":"a","status":"available","message":"free","fencing_token":0,"waiters":0}\n\n';
const END = 'event: end\ndata: {"code":"token_expired","error":"The token has expired."}\n\n';

/** A client of a server whose streams end because of the token `old`, and the headers that the server has received. */
async function clientOf(
  options: ClientOptions,
): Promise<{ readonly client: OctoStoreClient; readonly received: readonly IncomingHttpHeaders[] }> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(STATE);
    if (headers.authorization === 'Bearer old') response.end(END);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { client: new OctoStoreClient({ baseUrl: `http://127.0.0.1:${port}`, ...options }), received };
}

test('a watch whose token has ended goes on with another one, where it was', async () => {
  const token = vi.fn<() => string>().mockReturnValueOnce('old').mockReturnValue('new');
  const { client, received } = await clientOf({ token });
  const onDisconnected = vi.fn<() => void>();
  const watch = client.watch('a', { onDisconnected });
  expect((await watch.next()).value).toMatchObject({ type: 'state' });
  expect((await watch.next()).value).toMatchObject({ type: 'state' });
  await watch.return();
  expect(received.map(({ authorization }) => authorization)).toEqual(['Bearer old', 'Bearer new']);
  expect(received[1]?.['last-event-id']).toBe('5');
  expect(onDisconnected).not.toHaveBeenCalled();
});

test('a watch whose only token has ended fails with the reason, and does not come back', async () => {
  const { client, received } = await clientOf({ token: 'old' });
  const watch = client.watch('a');
  await watch.next();
  const failure = await watch.next().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(AuthenticationError);
  expect(failure).toMatchObject({ code: 'token_expired', status: 401, message: 'The token has expired.' });
  expect(received).toHaveLength(1);
});
