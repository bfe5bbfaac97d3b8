import { pause } from '../../../../src/process/time.js';
import type { Attack, Stage } from '../attack.js';
import { soon, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText } from '../request-text.js';
import { Wire } from '../wire.js';

const CONNECTIONS_MAX = 60;
const CROWD = 400;

/** What those in a crowd have said before they keep silent. */
const HALF = ['', 'GET /health HTTP/1.1\r\nhost:'] as const;
const IDLE = [requestText('GET', '/health')] as const;

/** More clients connect than may, and then do nothing. */
export const crowd: Attack = {
  name: 'crowd',
  run: (stage) =>
    withAbused(stage, { MAX_CONNECTIONS: String(CONNECTIONS_MAX) }, async (abused) => {
      for (const beginnings of [HALF, IDLE]) await meet(abused, beginnings, stage);
    }),
};

async function meet(abused: AbusedServer, beginnings: readonly string[], { findings }: Stage): Promise<void> {
  const wires = await gather(abused, beginnings);
  const most = abused.descriptors.extra;
  findings.expect(
    most <= CONNECTIONS_MAX + 5,
    `${most} descriptors with ${CONNECTIONS_MAX} connections allowed`,
  );
  findings.note({ [`descriptors in a crowd of ${CROWD}, ${CONNECTIONS_MAX} allowed`]: most });
  const isServed = await soon(() =>
    abused.serves().then(
      () => true,
      () => false,
    ),
  );
  findings.expect(isServed, 'an honest user has no chance in a crowd that does nothing');
  for (const wire of wires) wire.cut();
  const isFree = await soon(() => abused.descriptors.extra <= 2);
  findings.expect(isFree, `${abused.descriptors.extra} descriptors are left of a crowd that has gone`);
}

async function gather({ server }: AbusedServer, beginnings: readonly string[]): Promise<Wire[]> {
  const wires: Wire[] = [];
  for (let count = 0; count < CROWD; count += 1) {
    const wire = await Wire.to(server.address).catch(() => null);
    const text = beginnings[count % beginnings.length] ?? '';
    if (wire !== null) wires.push(text === '' ? wire : wire.send(text));
  }
  await pause(300);
  return wires;
}
