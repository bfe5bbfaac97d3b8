import { copyFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../../src/config/config.js';
import { Watches } from '../../../src/events/watches.js';
import { makeCertificate, type TestCertificate } from '../../../lab/kit/doubles/certificate.js';
import { ManualClock } from '../../support/manual-clock.js';
import { requestText } from '../../../lab/kit/http/raw-http.js';
import { ALICE, startServer, type TestServer } from '../../support/server.js';
import { testFolder } from '../../support/temp-folder.js';
import { reset } from '../../../lab/kit/http/reset.js';

const first = makeCertificate();
const second = makeCertificate();

interface Files {
  readonly TLS_CERT_FILE: string;
  readonly TLS_KEY_FILE: string;
}

function put({ cert, key }: TestCertificate, { TLS_CERT_FILE, TLS_KEY_FILE }: Files): void {
  writeFileSync(TLS_CERT_FILE, cert);
  writeFileSync(TLS_KEY_FILE, key);
}

function newFiles(certificate: TestCertificate): Files {
  const folder = testFolder();
  const files = { TLS_CERT_FILE: join(folder, 'tls.crt'), TLS_KEY_FILE: join(folder, 'tls.key') };
  put(certificate, files);
  return files;
}

async function start(files: Files, clock?: ManualClock): Promise<TestServer & { readonly port: number }> {
  const server = await startServer({ ...files }, clock);
  onTestFinished(() => server.close());
  return { ...server, port: Number(new URL(server.url).port) };
}

/** Speaks TLS with the server, and trusts only one certificate. */
async function open(port: number, { cert }: TestCertificate): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, ca: cert });
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  return socket;
}

function peer(socket: TLSSocket): Buffer {
  return socket.getPeerCertificate(true).raw;
}

test('HTTPS is served with the certificate of TLS_CERT_FILE', async () => {
  const { port } = await start(newFiles(first));
  const call = request({ host: '127.0.0.1', port, path: '/health', ca: first.cert, agent: false }).end();
  const [response] = (await once(call, 'response')) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(200);
});

test('a new certificate is used once both files are in place, and open connections continue', async () => {
  const clock = new ManualClock();
  const files = newFiles(first);
  const { port } = await start(files, clock);
  const before = await open(port, first);
  copyFileSync(second.caFile, files.TLS_CERT_FILE);
  clock.advance(10_000);
  // Half of a change: the old certificate stays in use.
  expect(peer(await open(port, first)).equals(peer(before))).toBe(true);
  put(second, files);
  clock.advance(10_000);
  expect(peer(await open(port, second)).equals(peer(before))).toBe(false);
  before.write(requestText('GET', '/health'));
  const [answer] = (await once(before, 'data')) as [Buffer];
  expect(answer.toString()).toContain('200 OK');
});

describe('over TLS', () => {
  test.each([
    ['closes the connection', (socket: TLSSocket) => socket.end()],
    ['drops the connection', (socket: TLSSocket) => socket.destroy()],
  ])('a client that %s ends its watch', async (_, leave) => {
    const { app, port } = await start(newFiles(first));
    const socket = await open(port, first);
    socket.write(requestText('GET', '/watch', { authorization: `Bearer ${ALICE}` }));
    await once(socket, 'data');
    expect(app.get(Watches).count).toBe(1);
    leave(socket);
    await expect.poll(() => app.get(Watches).count).toBe(0);
  });

  test.each([
    ['speaks plain HTTP', requestText('GET', '/health')],
    ['sends nonsense', 'nonsense'],
    ['sends nothing', ''],
  ])('a client that %s harms no one', async (_, text) => {
    const { port } = await start(newFiles(first));
    for (let round = 0; round < 10; round += 1) {
      const socket = connectPlain({ host: '127.0.0.1', port }).on('error', () => undefined);
      await once(socket, 'connect');
      socket.write(text);
      if (round % 2 === 0) reset(socket);
      else socket.destroy();
    }
    const socket = await open(port, first);
    socket.write(requestText('GET', '/health'));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
  });
});

describe('the server does not start', () => {
  test('with half of the pair', () => {
    expect(() => loadConfig({ TLS_CERT_FILE: first.caFile })).toThrow('TLS_KEY_FILE: must be set');
    expect(() => loadConfig({ TLS_KEY_FILE: first.caFile })).toThrow('TLS_CERT_FILE: must be set');
  });

  test.each([
    ['a missing file', (files: Files) => ({ ...files, TLS_CERT_FILE: '/nowhere.crt' }), 'cannot be read'],
    [
      'a file without a certificate',
      (files: Files) => ({ ...files, TLS_CERT_FILE: files.TLS_KEY_FILE }),
      'no certificate',
    ],
    [
      'no key',
      (files: Files) => ({ ...files, TLS_KEY_FILE: files.TLS_CERT_FILE }),
      'no unencrypted private key',
    ],
    [
      'the key of another certificate',
      (files: Files) => ({ ...files, TLS_KEY_FILE: newFiles(second).TLS_KEY_FILE }),
      'is not the key of the certificate',
    ],
  ])('with %s', async (_, spoil, message) => {
    await expect(startServer({ ...spoil(newFiles(first)) })).rejects.toThrow(message);
  });
});
