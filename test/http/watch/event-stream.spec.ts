import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { EventStream } from '../../../src/events/event-stream.js';

const MIB = 1024 * 1024;

/** A stream to a client that does not read, with the server's side of it. */
async function openUnread(): Promise<{
  stream: EventStream;
  response: ServerResponse;
  client: IncomingMessage;
}> {
  let serve: (response: ServerResponse) => void = () => undefined;
  const served = new Promise<ServerResponse>((resolve) => {
    serve = resolve;
  });
  const server = createServer((_request, response) => serve(response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, resolve).once('error', reject);
  });
  const response = await served;
  const stream = new EventStream(response);
  const client = await answered;
  client.on('error', () => undefined).pause();
  return { stream, response, client };
}

/** Sends until more than 1 MiB waits for the client. */
function fill(stream: EventStream, response: ServerResponse): void {
  const data = 'x'.repeat(MIB);
  while (stream.isOpen && response.writableLength <= MIB) stream.send({ event: 'fill', id: 1, data });
  expect(stream.isOpen).toBe(true);
}

test('a client that is behind gets no heartbeat, and is not disconnected for it', async () => {
  const { stream, response } = await openUnread();
  fill(stream, response);
  const unread = response.writableLength;
  stream.comment('keep-alive');
  expect(stream.isOpen).toBe(true);
  expect(response.writableLength).toBe(unread);
});

test('a client that is behind by more than 1 MiB at the next event is disconnected', async () => {
  const { stream, response } = await openUnread();
  fill(stream, response);
  stream.send({ event: 'released', id: 2, data: {} });
  expect(stream.isOpen).toBe(false);
});

test('drained resolves when the client has read everything or disconnected', async () => {
  const reading = await openUnread();
  fill(reading.stream, reading.response);
  reading.client.resume();
  await expect(reading.stream.drained()).resolves.toBeUndefined();
  expect(reading.stream.isBehind).toBe(false);

  const leaving = await openUnread();
  fill(leaving.stream, leaving.response);
  const drained = leaving.stream.drained();
  leaving.client.destroy();
  await expect(drained).resolves.toBeUndefined();
  expect(leaving.stream.isOpen).toBe(false);
});

test('a stream whose connection is stuck ends when the next frame or heartbeat is due', async () => {
  const { stream, response } = await openUnread();
  response.socket?.end();
  stream.comment('keep-alive');
  expect(stream.isOpen).toBe(false);
  expect(stream.waitingBytes).toBe(0);
});
