import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, expect, test, vi } from 'vitest';
import {
  AuthenticationError,
  OctoStoreClient,
  TimeoutError,
  ValidationError,
  type ClientOptions,
} from '../../../sdks/typescript/src/index.js';

const LOCKS = JSON.stringify({ locks: [], next_cursor: null });

/** A client of a server that accepts only one token, and the tokens that the server has received. */
async function clientOf(
  options: ClientOptions,
  accepted = 'right',
): Promise<{ readonly client: OctoStoreClient; readonly received: readonly unknown[] }> {
  const received: unknown[] = [];
  const server = createServer(({ headers }, response) => {
    received.push(headers.authorization);
    const isRight = headers.authorization === `Bearer ${accepted}`;
    response.writeHead(isRight ? 200 : 401).end(isRight ? LOCKS : '{}');
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

test('the token of a function is kept until the server refuses it', async () => {
  const token = vi.fn<() => string>().mockReturnValueOnce('old').mockReturnValue('right');
  const { client, received } = await clientOf({ token });
  await client.listLocks();
  await client.listLocks();
  expect(received).toEqual(['Bearer old', 'Bearer right', 'Bearer right']);
  expect(token).toHaveBeenCalledTimes(2);
});

test('requests that need the token at the same time ask for it once', async () => {
  let answer: (token: string) => void = () => undefined;
  const token = vi.fn<() => Promise<string>>(() => new Promise((resolve) => (answer = resolve)));
  const { client, received } = await clientOf({ token });
  const lists = [client.listLocks(), client.listLocks()];
  await vi.waitUntil(() => token.mock.calls.length > 0, { timeout: 10_000 });
  answer('right');
  await Promise.all(lists);
  expect(token).toHaveBeenCalledOnce();
  expect(received).toEqual(['Bearer right', 'Bearer right']);
});

test('a function that fails is asked again by the next call, and its error is the cause', async () => {
  const cause = new Error('the vault is closed');
  const token = vi.fn<() => Promise<string>>().mockRejectedValueOnce(cause).mockResolvedValue('right');
  const { client } = await clientOf({ token });
  const error: unknown = await client.listLocks().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ cause, message: 'The function that gives the token has failed.' });
  await expect(client.listLocks()).resolves.toEqual([]);
});

test('a function that does not answer ends the call at its timeout', async () => {
  const never = (): Promise<string> => new Promise(() => undefined);
  const { client, received } = await clientOf({ token: never, timeoutMs: 20 });
  const error: unknown = await client.listLocks().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TimeoutError);
  expect(String(error)).toContain('the function that gives the token has not answered within 20 ms');
  expect(received).toEqual([]);
});

test('a signal ends the wait for the function', async () => {
  const token = vi.fn<() => Promise<string>>(() => new Promise(() => undefined));
  const { client } = await clientOf({ token });
  const stop = new AbortController();
  const acquired = client.acquire('a', { signal: stop.signal });
  await vi.waitUntil(() => token.mock.calls.length > 0, { timeout: 10_000 });
  stop.abort(new Error('enough'));
  await expect(acquired).rejects.toThrow('enough');
});

test('what is not a token is refused', async () => {
  const { client, received } = await clientOf({ token: () => 'two words' });
  await expect(client.listLocks()).rejects.toBeInstanceOf(ValidationError);
  expect(received).toEqual([]);
});

test('a client whose token a function gives does not rotate it', async () => {
  const { client, received } = await clientOf({ token: () => 'right' });
  await expect(client.rotateToken()).rejects.toBeInstanceOf(ValidationError);
  expect(received).toEqual([]);
});
