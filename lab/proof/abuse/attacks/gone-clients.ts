import { randomUUID } from 'node:crypto';
import { pause } from '../../../../src/process/time.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, soon, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText, waitText } from '../request-text.js';
import { Wire } from '../wire.js';

type Leave = (wire: Wire) => void;

/** How a client goes. Half of the connection is not enough for one that waits. */
const DEPARTURES: Readonly<Record<string, Leave>> = {
  'that was reset': (wire) => wire.reset(),
  'that was cut': (wire) => wire.cut(),
  'that is half-closed': (wire) => wire.finish(),
  'that is half-closed and then reset': (wire) => {
    wire.finish();
    wire.reset();
  },
};

const STATUS = requestText('GET', '/locks/any', 'greedy');

/** What may stand before a request on its connection. */
const BEFORE: Readonly<Record<string, (lock: string) => string>> = {
  'the first request': () => '',
  'the second request': () => STATUS,
  'behind a request that waits': (lock) => waitText(`${lock}-too`, 'greedy'),
  'behind a large file': () => requestText('GET', '/docs/swagger-ui-bundle.js'),
  'behind an event stream': () => requestText('GET', '/watch?prefix=none', 'greedy'),
};

/** Milliseconds that a request gets to come to its turn. */
const TURN_MS = 150;

interface Departure {
  readonly name: string;
  readonly lock: string;
  readonly before: string;
  readonly leave: Leave;
}

/** Clients go while the server still has something to do for them. */
export const goneClients: Attack = {
  name: 'gone-clients',
  run: (stage) =>
    withAbused(stage, { MAX_LOCKS_PER_USER: '1000' }, async (abused) => {
      await halfClosed(abused, stage);
      await leaveLines(abused, stage);
      await leaveWatches(abused, stage);
      await leaveAtOnce(abused, stage);
    }),
};

/** Whoever has said all that it wants to say is answered. */
async function halfClosed({ server }: AbusedServer, { findings }: Stage): Promise<void> {
  const wire = (await Wire.to(server.address)).send(STATUS.repeat(3));
  wire.finish();
  await wire.until(() => wire.answers === 3, SOON_MS);
  findings.expect(wire.answers === 3, `a half-closed connection got ${wire.answers} of 3 answers`);
  wire.cut();
}

/** Nobody who has gone is granted anything: what they waited for is free when its holder lets go of it. */
async function leaveLines(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const holder = abused.connection('honest');
  const departures = departuresOf('line');
  const leases = new Map<string, unknown>();
  for (const lock of departures.flatMap(({ lock }) => [lock, `${lock}-too`])) {
    const { body } = await holder.post(`/locks/${lock}/acquire`, { ttl_seconds: 600 });
    leases.set(lock, body['lease_id']);
  }
  const wires = await leave(abused, departures, (lock) => waitText(lock, 'greedy'));
  findings.expect(await abused.reaches('octostore_waiters', 0), 'clients that have gone stand in line');
  for (const [lock, lease_id] of leases) await holder.post(`/locks/${lock}/release`, { lease_id });
  for (const { name, lock } of departures) {
    for (const one of [lock, `${lock}-too`]) {
      const { body } = await holder.get(`/locks/${one}`);
      findings.expect(body['status'] === 'available', `a client that has gone was granted a lock: ${name}`);
    }
  }
  holder.cut();
  for (const wire of wires) wire.cut();
  findings.note({ 'clients that left a line': departures.length });
}

async function leaveWatches(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const departures = departuresOf('watch').filter(({ before }) => !before.includes('wait_seconds'));
  const wires = await leave(abused, departures, () => requestText('GET', '/watch?prefix=w', 'greedy'));
  const areClosed = await abused.reaches('octostore_watchers', 0);
  const left = await abused.metric('octostore_watchers');
  findings.expect(areClosed, `${left} event streams of clients that have gone are open`);
  for (const wire of wires) wire.cut();
  findings.note({ 'clients that left an event stream': departures.length });
}

/** What is asked for by one that is gone before it can be served is held by nobody either. */
async function leaveAtOnce(abused: AbusedServer, { findings }: Stage): Promise<void> {
  const holder = abused.connection('honest');
  const { body } = await holder.post('/locks/rushed/acquire', { ttl_seconds: 600 });
  for (let times = 0; times < 40; times += 1) {
    const wire = await Wire.to(abused.server.address);
    await wire.sent(waitText('rushed', 'greedy'));
    wire.reset();
  }
  // The server takes connections in their order. One that it has not taken yet would ask for a lock that is free.
  await abused.serves();
  findings.expect(await soon(() => abused.descriptors.extra <= 3), 'clients that went at once are kept');
  findings.expect(await abused.reaches('octostore_waiters', 0), 'clients that went at once stand in line');
  await holder.post('/locks/rushed/release', { lease_id: body['lease_id'] });
  const { body: after } = await holder.get('/locks/rushed');
  findings.expect(after['status'] === 'available', 'a client that went at once was granted a lock');
  holder.cut();
}

function departuresOf(kind: string): Departure[] {
  return Object.entries(BEFORE).flatMap(([place, textBefore]) =>
    Object.entries(DEPARTURES).map(([how, leaving]) => {
      const lock = `${kind}-${randomUUID()}`;
      return { name: `${place} of a connection ${how}`, lock, before: textBefore(lock), leave: leaving };
    }),
  );
}

/** All at the same time: each sends its requests, waits for its turn, and goes. */
async function leave(
  { server }: AbusedServer,
  departures: readonly Departure[],
  textFor: (lock: string) => string,
): Promise<Wire[]> {
  return Promise.all(
    departures.map(async ({ before, lock, leave: go }) => {
      const wire = await Wire.to(server.address);
      await wire.sent(before + textFor(lock));
      await pause(TURN_MS);
      go(wire);
      return wire;
    }),
  );
}
