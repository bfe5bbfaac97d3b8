import { expect, test } from 'vitest';
import { requestText } from '../../../lab/kit/http/raw-http.js';
import { useServer } from '../suite.js';
import { openRawConnection } from '../../support/raw-connection.js';

const suite = useServer();

const TUNNEL = requestText('CONNECT', 'a:1', { host: 'a:1' });
const UPGRADE = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

test.each([
  ['asks for a tunnel', TUNNEL],
  ['asks for a tunnel and sends through it', `${TUNNEL}${'x'.repeat(100_000)}`],
  ['asks for a tunnel after another request', requestText('GET', '/openapi.yaml') + TUNNEL],
  ['asks for another protocol', requestText('GET', '/health', UPGRADE)],
  ['asks for another protocol, with a body', requestText('POST', '/locks/a/acquire', UPGRADE, '{}')],
  ['speaks HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['sends nonsense', 'nonsense\r\n\r\n'],
  ['sends nonsense for a body', `${requestText('POST', '/a', { 'transfer-encoding': 'chunked' })}Z\r\n`],
  ['expects the impossible', requestText('POST', '/locks/a/acquire', { expect: 'the impossible' }, '{}')],
  ['waits for 100 Continue', requestText('POST', '/a', { expect: '100-continue', 'content-length': '9' })],
  ['asks for a large file', requestText('GET', '/docs/swagger-ui-bundle.js')],
])('a client that %s and resets the connection ends nothing but its own', async (_, text) => {
  for (let round = 0; round < 20; round += 1) {
    const connection = await openRawConnection(suite.server.url);
    connection.send(text);
    // At different moments while the server handles it.
    for (let turn = 0; turn < round % 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    connection.reset();
    await connection.closed;
  }
  expect((await suite.nobody.get('/health')).status).toBe(200);
  await expect.poll(() => suite.connections.count).toBeLessThanOrEqual(1);
});

test('a tunnel is refused in the usual shape, and its connection ends even if the client does nothing', async () => {
  const connection = await openRawConnection(suite.server.url);
  const reply = await connection.send(TUNNEL).reply();
  expect(JSON.parse(reply.body)).toMatchObject({ code: 'malformed_request' });
  await connection.closed;
});
