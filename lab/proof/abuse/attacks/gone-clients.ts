import { randomUUID } from 'node:crypto';
import { pause } from '../../../../src/process/time.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, eventually, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText, waitText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

type Leave = (client: RawClient) => void;

/** Ways to disconnect. Closing only the sending half counts too, for a client that waits. */
const DISCONNECTS: Readonly<Record<string, Leave>> = {
  'that is reset': (client) => client.reset(),
  'that is cut': (client) => client.cut(),
  'that is half-closed': (client) => client.finish(),
  'that is half-closed and then reset': (client) => {
    client.finish();
    client.reset();
  },
};

const STATUS = requestText('GET', '/locks/any', 'greedy');

/** What the connection carries before the request. */
const BEFORE: Readonly<Record<string, (lock: string) => string>> = {
  'the first request': () => '',
  'the second request': () => STATUS,
  'behind a waiting request': (lock) => waitText(`${lock}-too`, 'greedy'),
  'behind a large file': () => requestText('GET', '/docs/swagger-ui-bundle.js'),
  'behind an event stream': () => requestText('GET', '/watch?prefix=none', 'greedy'),
};

/** How long to wait until the server has started on a request, in milliseconds. */
const TURN_MS = 150;

interface Disconnect {
  readonly name: string;
  readonly lock: string;
  readonly before: string;
  readonly leave: Leave;
}

/** Clients disconnect while the server still has work to do for them. */
export const goneClients: Attack = {
  name: 'gone-clients',
  run: (context) =>
    withAbused(context, { MAX_LOCKS_PER_USER: '1000' }, async (abused) => {
      await checkHalfClosed(abused, context);
      await leaveLines(abused, context);
      await leaveWatches(abused, context);
      await leaveImmediately(abused, context);
    }),
};

/** A client that has closed its sending half still gets its answers. */
async function checkHalfClosed({ server }: AbusedServer, { findings }: AttackContext): Promise<void> {
  const client = (await RawClient.to(server.address)).send(STATUS.repeat(3));
  client.finish();
  await client.until(() => client.answers === 3, EVENTUALLY_MS);
  findings.expect(client.answers === 3, `a half-closed connection got ${client.answers} of 3 answers`);
  client.cut();
}

/** A disconnected client is never granted a lock: once the holder releases it, the lock is free. */
async function leaveLines(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const holder = abused.connection('honest');
  const disconnects = disconnectsOf('line');
  const leases = new Map<string, unknown>();
  for (const lock of disconnects.flatMap(({ lock }) => [lock, `${lock}-too`])) {
    const { body } = await holder.post(`/locks/${lock}/acquire`, { ttl_seconds: 600 });
    leases.set(lock, body['lease_id']);
  }
  const clients = await leave(abused, disconnects, (lock) => waitText(lock, 'greedy'));
  findings.expect(await abused.reaches('octostore_waiters', 0), 'disconnected clients are still in line');
  for (const [lock, lease_id] of leases) await holder.post(`/locks/${lock}/release`, { lease_id });
  for (const { name, lock } of disconnects) {
    for (const one of [lock, `${lock}-too`]) {
      const { body } = await holder.get(`/locks/${one}`);
      findings.expect(body['status'] === 'available', `a disconnected client was granted a lock: ${name}`);
    }
  }
  holder.cut();
  for (const client of clients) client.cut();
  findings.addFigures({ 'clients that disconnected while in line': disconnects.length });
}

async function leaveWatches(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const disconnects = disconnectsOf('watch').filter(({ before }) => !before.includes('wait_seconds'));
  const clients = await leave(abused, disconnects, () => requestText('GET', '/watch?prefix=w', 'greedy'));
  const areClosed = await abused.reaches('octostore_watchers', 0);
  const left = await abused.metric('octostore_watchers');
  findings.expect(areClosed, `${left} event streams of disconnected clients are open`);
  for (const client of clients) client.cut();
  findings.addFigures({ 'clients that disconnected from an event stream': disconnects.length });
}

/** A client that disconnects before its request is served is not granted the lock either. */
async function leaveImmediately(abused: AbusedServer, { findings }: AttackContext): Promise<void> {
  const holder = abused.connection('honest');
  const { body } = await holder.post('/locks/rushed/acquire', { ttl_seconds: 600 });
  for (let times = 0; times < 40; times += 1) {
    const client = await RawClient.to(abused.server.address);
    await client.sent(waitText('rushed', 'greedy'));
    client.reset();
  }
  // The server accepts connections in order. Once it serves this one, it has seen all of those above.
  await abused.serves();
  findings.expect(
    await eventually(() => abused.descriptors.extra <= 3),
    'connections of clients that disconnected immediately are kept open',
  );
  findings.expect(
    await abused.reaches('octostore_waiters', 0),
    'clients that disconnected immediately are still in line',
  );
  await holder.post('/locks/rushed/release', { lease_id: body['lease_id'] });
  const { body: after } = await holder.get('/locks/rushed');
  findings.expect(
    after['status'] === 'available',
    'a client that disconnected immediately was granted a lock',
  );
  holder.cut();
}

function disconnectsOf(kind: string): Disconnect[] {
  return Object.entries(BEFORE).flatMap(([position, textBefore]) =>
    Object.entries(DISCONNECTS).map(([how, leaving]) => {
      const lock = `${kind}-${randomUUID()}`;
      return { name: `${position} of a connection ${how}`, lock, before: textBefore(lock), leave: leaving };
    }),
  );
}

/** All clients at the same time: each sends its requests, waits for its turn, and disconnects. */
async function leave(
  { server }: AbusedServer,
  disconnects: readonly Disconnect[],
  textFor: (lock: string) => string,
): Promise<RawClient[]> {
  return Promise.all(
    disconnects.map(async ({ before, lock, leave: go }) => {
      const client = await RawClient.to(server.address);
      await client.sent(before + textFor(lock));
      await pause(TURN_MS);
      go(client);
      return client;
    }),
  );
}
