import { pause } from '../../../../src/process/time.js';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, AttackContext } from '../attack.js';
import { CROWD_TOKENS, eventually, withAbused, type AbusedServer } from '../abused-server.js';
import { httpRequest } from '../../../../src/bench/load/http-request.js';
import { LeanConnection } from '../../../../src/bench/load/lean-connection.js';
import { requestText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

/**
 * How many locks to list. A listing must take long: the server sheds requests only while it is behind, and it is never further
 * behind than the last request that it accepted.
 */
const LOCKS = 10_000;
const METADATA = 'm'.repeat(1000);
const LISTERS = 64;

/** An overloaded server may take long to answer, but not forever. */
const PATIENCE_MS = 60_000;

/** How many acquires must be shed before the attack may pass, and before it may fail because something was never shed. */
const ENOUGH = 3;
const ENOUGH_TO_BLAME = 15;

const PROBES_EACH = 4;

/** The pause is random, since a client that repeats immediately would always be among the first in the queue. */
const PROBE_PAUSE_MS_MAX = 250;

/** Requests that look like upkeep but must be shed like any other new work. */
const IMITATIONS = {
  'a path that looks like upkeep': { path: '/x/renew', token: '' },
  'a path below nothing': { path: '/none/of/this/keepalive', token: '' },
  'a renewal without a valid token': { path: '/locks/kept/renew', token: 'nobody' },
  'a release without a valid token': { path: '/locks/kept/release', token: 'octo_nobody' },
  'a keepalive without a valid token': { path: '/sessions/kept/keepalive', token: 'x' },
} as const;

/** Under overload, upkeep with a valid token is served. Requests that only look like upkeep are shed. */
export const shedding: Attack = {
  name: 'shedding',
  run: (context) =>
    withAbused(context, { MAX_LOCKS_PER_USER: '100000' }, async (abused) => {
      await fill(abused);
      await overload(abused, context);
    }),
};

async function fill({ server }: AbusedServer): Promise<void> {
  const indexes = Array.from({ length: LOCKS }, (_, at) => at).values();
  const acquire = async (): Promise<void> => {
    const connection = await LeanConnection.open(server.address);
    for (const index of indexes) {
      const body = { ttl_seconds: 600, metadata: METADATA };
      await connection.send(Buffer.from(requestText('POST', `/locks/many-${index}/acquire`, 'greedy', body)));
    }
    connection.close();
  };
  await Promise.all(Array.from({ length: 32 }, acquire));
}

async function overload(abused: AbusedServer, { findings, random }: AttackContext): Promise<void> {
  const keeper = abused.connection('honest');
  const { body } = await keeper.post('/locks/kept/acquire', { ttl_seconds: 600 });
  const over = new AbortController();
  const listing = Array.from({ length: LISTERS }, (_, at) => list(abused, tokenOf(at), over.signal));
  const shed: Record<string, number> = {};
  const probes = Array.from({ length: PROBES_EACH }, () => [
    probe('acquires', abused.connection('honest'), shed, { random, over: over.signal }),
    ...Object.keys(IMITATIONS).map((name) =>
      probe(name, stranger(abused, name), shed, { random, over: over.signal }),
    ),
  ]).flat();
  const keeping = keep(keeper, body['lease_id'], over.signal);
  const wasOverloaded = await eventually(() => isConclusive(shed), PATIENCE_MS);
  over.abort();
  const [refusals] = await Promise.all([keeping, ...probes, ...listing]);
  keeper.cut();
  if (!wasOverloaded && (shed['acquires'] ?? 0) < ENOUGH_TO_BLAME)
    throw new Error('the server was not overloaded');
  findings.expect(refusals === 0, `${refusals} renewals with a valid token were shed`);
  for (const name of Object.keys(IMITATIONS))
    findings.expect((shed[name] ?? 0) > 0, `${name} is never shed, whatever the load`);
  findings.addFigures({ 'requests shed under load': JSON.stringify(shed) });
}

function isConclusive(shed: Readonly<Record<string, number>>): boolean {
  const areAllShed = Object.keys(IMITATIONS).every((name) => (shed[name] ?? 0) > 0);
  return areAllShed && (shed['acquires'] ?? 0) >= ENOUGH;
}

function stranger({ server }: AbusedServer, name: string): Connection {
  return new Connection(() => server.address, IMITATIONS[name as keyof typeof IMITATIONS].token);
}

/** Sends the same request again and again, and counts how often it is shed. */
async function probe(
  name: string,
  connection: Connection,
  shed: Record<string, number>,
  { random, over }: { readonly random: AttackContext['random']; readonly over: AbortSignal },
): Promise<void> {
  const path =
    name in IMITATIONS ? IMITATIONS[name as keyof typeof IMITATIONS].path : '/locks/probed/acquire';
  while (!over.aborted) {
    const { body } = await connection.post(path, { ttl_seconds: 60 }, PATIENCE_MS);
    if (body['code'] === 'overloaded') shed[name] = (shed[name] ?? 0) + 1;
    await pause(random.below(PROBE_PAUSE_MS_MAX));
  }
  connection.cut();
}

/** Renews a lease until the end. Resolves with the number of refusals. */
async function keep(connection: Connection, lease_id: unknown, over: AbortSignal): Promise<number> {
  let refusals = 0;
  while (!over.aborted) {
    const { status } = await connection.post(
      '/locks/kept/renew',
      { lease_id, ttl_seconds: 600 },
      PATIENCE_MS,
    );
    if (status !== 200) refusals += 1;
    await pause(5);
  }
  return refusals;
}

/** Spread over many users, because the server serves users in turn. */
function tokenOf(lister: number): string {
  return CROWD_TOKENS[lister % CROWD_TOKENS.length] ?? '';
}

/** Uses HEAD, because reading the lists would keep the client as busy as the server. */
async function list({ server }: AbusedServer, token: string, over: AbortSignal): Promise<void> {
  const client = await RawClient.to(server.address);
  const text = httpRequest({ method: 'GET', path: `/locks?limit=${LOCKS}`, token })
    .toString('latin1')
    .replace('GET', 'HEAD');
  for (let sent = 1; !over.aborted && !client.isOver; sent += 1) {
    client.send(text);
    await client.until(() => client.answers >= sent, PATIENCE_MS);
  }
  client.cut();
}
