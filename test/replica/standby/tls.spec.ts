import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { makeCertificate, type TestCertificate } from '../../../lab/kit/doubles/certificate.js';
import { ManualClock } from '../../support/manual-clock.js';
import { openRawConnection } from '../../support/raw-connection.js';
import { startStandby } from '../standby-rig.js';

interface SecureLeader {
  readonly port: number;
  /** The hosts that were asked for, by the names in the TLS handshake. */
  readonly names: (string | false)[];
}

async function startLeader({ key, cert }: TestCertificate): Promise<SecureLeader> {
  const names: (string | false)[] = [];
  const server = createServer({ key, cert }, (_request, response) => response.end('served'));
  server.on('secureConnection', ({ servername }: { servername: string | false }) => names.push(servername));
  server.on('connect', (_request, socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, names };
}

test.each([
  ['localhost', 'DNS:localhost', 'localhost'],
  ['127.0.0.1', 'IP:127.0.0.1', false],
])('the certificate must be for the host of the leader’s URL: %s', async (host, names, expected) => {
  const certificate = makeCertificate(names);
  const leader = await startLeader(certificate);
  const { standby, url } = await startStandby({ settings: { CLUSTER_CA_FILE: certificate.caFile } });
  standby.forwardTo({ url: `https://${host}:${leader.port}`, reign: 'a' });
  const connection = await openRawConnection(url);

  for (const asked of ['one.example.com', 'other.example.com']) {
    connection.send(`GET /locks HTTP/1.1\r\nHost: ${asked}\r\n\r\n`);
    expect(await connection.reply()).toMatchObject({
      status: 200,
      body: expect.stringContaining('served') as string,
    });
  }

  expect(new Set(leader.names)).toEqual(new Set([expected]));
  // One for requests, one for probes, and one that was to be a link.
  expect(leader.names.length).toBeLessThanOrEqual(3);
});

test.each([
  ['for another host', 'DNS:other.test', true],
  ['of an unknown authority', 'DNS:localhost', false],
])('a leader with a certificate %s gets no request', async (_what, names, isTrusted) => {
  const certificate = makeCertificate(names);
  const leader = await startLeader(certificate);
  const clock = new ManualClock();
  const settings: Record<string, string> = isTrusted ? { CLUSTER_CA_FILE: certificate.caFile } : {};
  const { standby, client } = await startStandby({ clock, settings });
  standby.forwardTo({ url: `https://localhost:${leader.port}`, reign: 'a' });

  const reply = client.post('/sessions', {});
  await expect.poll(() => clock.hasTimerDueIn(5_000)).toBe(true);
  clock.advance(5_000);

  expect(await reply).toMatchObject({ status: 503, body: { code: 'no_leader' } });
});

test.each(['/nowhere/ca.pem', import.meta.filename])(
  'CLUSTER_CA_FILE must hold certificates: %s',
  async (file) => {
    await expect(startStandby({ settings: { CLUSTER_CA_FILE: file } })).rejects.toThrow(/CLUSTER_CA_FILE/);
  },
);
