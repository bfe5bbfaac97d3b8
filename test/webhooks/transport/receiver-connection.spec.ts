import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { EventEmitter, once } from 'node:events';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { SecretBox } from '../../../src/secrets/secret-box.js';
import type { AttemptOutcome } from '../../../src/webhooks/transport/attempt-outcome.js';
import { CallTimes } from '../../../src/webhooks/transport/call-times.js';
import { HostResolver } from '../../../src/webhooks/transport/host-resolver.js';
import { CALL_LIMITS, type ReceiverConnection } from '../../../src/webhooks/transport/receiver-connection.js';
import { PassingOn } from '../../../src/tracing/passing-on.js';
import { WebhookSender } from '../../../src/webhooks/transport/webhook-sender.js';
import { makeCertificate } from '../../../lab/kit/doubles/certificate.js';
import { ManualClock } from '../../support/manual-clock.js';
import { hang, sharedCertificate, status, WebhookReceiver } from '../../support/webhook-receiver.js';

const MESSAGE = { headers: { 'Content-Type': 'application/json' }, body: Buffer.from('{}') };

class Loopback extends HostResolver {
  override async addressesOf(): Promise<string[]> {
    return ['127.0.0.1'];
  }
}

function senderWith(settings: Parameters<typeof loadConfig>[0], clock = new ManualClock()): WebhookSender {
  return new WebhookSender(
    clock,
    new SecretBox('a key'),
    new CallTimes(),
    new Loopback(),
    new PassingOn(),
    loadConfig(settings),
  );
}

interface Line {
  readonly clock: ManualClock;
  readonly connection: ReceiverConnection;
  post(): Promise<AttemptOutcome | null>;
}

/** A connection like those of the service, to an allowed URL. */
function lineTo(url: string, caFile: string | undefined = sharedCertificate().caFile): Line {
  const clock = new ManualClock();
  const settings = { WEBHOOK_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1', WEBHOOK_CA_FILE: caFile };
  const connection = senderWith(settings, clock).connectionTo(url);
  if (connection === null) throw new Error('the URL is refused');
  onTestFinished(() => connection.close());
  return { clock, connection, post: () => connection.post(MESSAGE, new AbortController().signal) };
}

/** Resolves when the client has the status of the next answer of this receiver. */
function headersArrive(receiver: WebhookReceiver): Promise<void> {
  return new Promise((resolve) => {
    const { origin } = new URL(receiver.url());
    const listener = (message: unknown): void => {
      if ((message as { readonly request: { readonly origin: string } }).request.origin !== origin) return;
      unsubscribe('undici:request:headers', listener);
      resolve();
    };
    subscribe('undici:request:headers', listener);
  });
}

/** A TCP server that does not speak HTTP. */
async function rawServer(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}

describe('the answer of a receiver', () => {
  test.each([200, 201, 202, 204, 299])('%i means that it accepted the delivery', async (code) => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(code);
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: code, error: null });
  });

  test.each([400, 401, 404, 410, 429, 500, 503])('%i means that it did not', async (code) => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(code);
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: code, error: 'status' });
  });

  test.each([301, 302, 303, 307, 308])('%i is not followed', async (code) => {
    const target = await WebhookReceiver.start();
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(code, { Location: target.url() });
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: code, error: 'redirect' });
    expect(target.connections).toBe(0);
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    [new Date(new ManualClock().wallMs() + 90_000).toUTCString(), 90_000],
    [new Date(0).toUTCString(), 0],
    ['soon', null],
    ['-5', null],
    ['1e9', null],
  ])('Retry-After: %s is respected', async (header, expected) => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = status(503, { 'Retry-After': header });
    expect(await lineTo(receiver.url()).post()).toMatchObject({ retryAfterMs: expected });
  });

  test('keeps its connection open for the next delivery', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response) => response.end('thank you');
    const line = lineTo(receiver.url());
    for (let count = 0; count < 5; count += 1) expect(await line.post()).toMatchObject({ error: null });
    expect(receiver.connections).toBe(1);
  });

  test('may end its connection between two deliveries', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response) => response.writeHead(200, { Connection: 'close' }).end();
    const line = lineTo(receiver.url());
    for (let count = 0; count < 3; count += 1) expect(await line.post()).toMatchObject({ error: null });
    expect(receiver.connections).toBe(3);
  });
});

describe('a hostile receiver', () => {
  test('cannot make the server read an endless answer', async () => {
    const receiver = await WebhookReceiver.start();
    let sent = 0;
    receiver.answer = (response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(16 * 1024))) sent += 16 * 1024;
      };
      response.writeHead(200).on('drain', pour);
      pour();
    };
    const line = lineTo(receiver.url());
    expect(await line.post()).toMatchObject({ status: 200, error: null });
    await expect.poll(() => receiver.open).toBe(0);
    // The buffers of two sockets may hold more.
    expect(sent).toBeLessThan(CALL_LIMITS.answerBytes + 8 * 1024 * 1024);
    receiver.answer = status(204);
    expect(await line.post()).toMatchObject({ status: 204, error: null });
    expect(receiver.connections).toBe(2);
  });

  test('cannot delay a call with an answer that arrives byte by byte', async () => {
    const receiver = await WebhookReceiver.start();
    const line = lineTo(receiver.url());
    receiver.answer = (response) => {
      response.writeHead(200).write('x');
      // Each byte comes just before the last timeout would end.
      for (let drop = 0; drop < 20; drop += 1) {
        line.clock.after(drop * 1_000, () => response.destroyed || response.write('x'));
      }
    };
    const headers = headersArrive(receiver);
    const call = line.post();
    await headers;
    line.clock.advance(CALL_LIMITS.totalMs);
    expect(await call).toMatchObject({ error: null, status: 200, durationMs: CALL_LIMITS.totalMs });
    await expect.poll(() => receiver.open).toBe(0);
  });

  test('cannot delay a call by never answering', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = hang;
    const line = lineTo(receiver.url());
    const call = line.post();
    await receiver.receives(1);
    line.clock.advance(CALL_LIMITS.totalMs);
    expect(await call).toEqual({
      status: null,
      error: 'timeout',
      retryAfterMs: null,
      durationMs: CALL_LIMITS.totalMs,
    });
    await expect.poll(() => receiver.open).toBe(0);
  });

  test('cannot delay a call before TLS', async () => {
    const connected = new EventEmitter();
    const port = await rawServer(() => connected.emit('connection'));
    const line = lineTo(`https://127.0.0.1:${port}/`);
    const connection = once(connected, 'connection');
    const call = line.post();
    await connection;
    line.clock.advance(CALL_LIMITS.totalMs);
    expect(await call).toMatchObject({ error: 'timeout' });
  });

  test('cannot send endless headers', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response) => {
      const raw = response.socket;
      raw?.write('HTTP/1.1 200 OK\r\n');
      for (let line = 0; line < 1_000; line += 1) raw?.write(`X-Filler-${line}: ${'x'.repeat(100)}\r\n`);
    };
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: null, error: 'malformed_answer' });
  });

  test('cannot answer with anything but HTTP', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n');
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: null, error: 'malformed_answer' });
  });

  test('can close the connection', async () => {
    const receiver = await WebhookReceiver.start();
    receiver.answer = (response) => response.socket?.destroy();
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: null, error: 'connection_lost' });
  });
});

describe('a connection fails', () => {
  test('because nothing listens', async () => {
    const receiver = await WebhookReceiver.start();
    const url = receiver.url();
    await receiver.close();
    expect(await lineTo(url).post()).toMatchObject({ status: null, error: 'connect_failed' });
  });

  test('because the certificate is signed by an unknown authority', async () => {
    const receiver = await WebhookReceiver.start(makeCertificate());
    expect(await lineTo(receiver.url()).post()).toMatchObject({ status: null, error: 'tls_failed' });
    expect(receiver.received).toEqual([]);
  });

  test('because the certificate is for another host', async () => {
    const certificate = makeCertificate('DNS:elsewhere.test');
    const receiver = await WebhookReceiver.start(certificate);
    const line = lineTo(receiver.url('receiver.test'), certificate.caFile);
    expect(await line.post()).toMatchObject({ status: null, error: 'tls_failed' });
    expect(receiver.received).toEqual([]);
  });

  test('because the other side does not speak TLS', async () => {
    const port = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await lineTo(`https://127.0.0.1:${port}/`).post()).toMatchObject({ error: 'tls_failed' });
  });

  test('until the service has checked a name against its certificate', async () => {
    const receiver = await WebhookReceiver.start();
    expect(await lineTo(receiver.url('receiver.test.')).post()).toMatchObject({ status: 204, error: null });
  });
});

test('a call that the service cancels counts as not made', async () => {
  const receiver = await WebhookReceiver.start();
  receiver.answer = hang;
  const cut = new AbortController();
  const { connection: line } = lineTo(receiver.url());
  const call = line.post(MESSAGE, cut.signal);
  await receiver.receives(1);
  cut.abort();
  expect(await call).toBeNull();
});

test.each(['/nowhere/ca.pem', import.meta.filename])('WEBHOOK_CA_FILE must hold certificates: %s', (file) => {
  expect(() => senderWith({ WEBHOOK_CA_FILE: file })).toThrow(/WEBHOOK_CA_FILE/);
});
