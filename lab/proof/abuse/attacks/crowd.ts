import { pause } from '../../../../src/process/time.js';
import type { Attack, AttackContext } from '../attack.js';
import { eventually, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

const CONNECTIONS_MAX = 60;
const CROWD = 400;

/** What clients send before they go idle. */
const PARTIAL = ['', 'GET /health HTTP/1.1\r\nhost:'] as const;
const COMPLETE = [requestText('GET', '/health')] as const;

/** More clients connect than are allowed, and then stay idle. */
export const crowd: Attack = {
  name: 'crowd',
  run: (context) =>
    withAbused(context, { MAX_CONNECTIONS: String(CONNECTIONS_MAX) }, async (abused) => {
      for (const beginnings of [PARTIAL, COMPLETE]) await endure(abused, beginnings, context);
    }),
};

async function endure(
  abused: AbusedServer,
  beginnings: readonly string[],
  { findings }: AttackContext,
): Promise<void> {
  const clients = await gather(abused, beginnings);
  const peak = abused.descriptors.extra;
  findings.expect(
    peak <= CONNECTIONS_MAX + 5,
    `${peak} descriptors with ${CONNECTIONS_MAX} connections allowed`,
  );
  findings.addFigures({ [`descriptors with ${CROWD} idle clients, ${CONNECTIONS_MAX} allowed`]: peak });
  const isServed = await eventually(() =>
    abused.serves().then(
      () => true,
      () => false,
    ),
  );
  findings.expect(isServed, 'an honest user is not served while idle clients hold all connections');
  for (const client of clients) client.cut();
  const isFree = await eventually(() => abused.descriptors.extra <= 2);
  findings.expect(
    isFree,
    `${abused.descriptors.extra} descriptors are left after the idle clients disconnected`,
  );
}

async function gather({ server }: AbusedServer, beginnings: readonly string[]): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  for (let count = 0; count < CROWD; count += 1) {
    const client = await RawClient.to(server.address).catch(() => null);
    const text = beginnings[count % beginnings.length] ?? '';
    if (client !== null) clients.push(text === '' ? client : client.send(text));
  }
  await pause(300);
  return clients;
}
