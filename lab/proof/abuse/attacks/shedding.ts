import { pause } from '../../../../src/process/time.js';
import { Connection } from '../../../kit/http/connection.js';
import type { Attack, Stage } from '../attack.js';
import { CROWD_TOKENS, soon, withAbused, type AbusedServer } from '../abused-server.js';
import { httpRequest } from '../../../../src/bench/load/http-request.js';
import { LeanConnection } from '../../../../src/bench/load/lean-connection.js';
import { requestText } from '../request-text.js';
import { Wire } from '../wire.js';

/**
 * Lists of so many locks are dear. One must take long: what comes while the server is behind is sent away, and it is no further
 * behind than by the last request that it took on.
 */
const LOCKS = 10_000;
const METADATA = 'm'.repeat(1000);
const LISTERS = 64;

/** An answer of a server that has too much to do may take long, but not for ever. */
const PATIENCE_MS = 60_000;

/** Acquires that are sent away before it is concluded that all is well, or that what was not sent away never is. */
const ENOUGH = 3;
const ENOUGH_TO_BLAME = 15;

const PROBES_EACH = 4;

/** Chance, because one that asks again at once is always among the first of what has come in. */
const PROBE_PAUSE_MS_MAX = 250;

/** What has to be sent away like any other new work, by what it pretends to be. */
const PRETENDERS = {
  'a path that looks like upkeep': { path: '/x/renew', token: '' },
  'a path below nothing': { path: '/none/of/this/keepalive', token: '' },
  'a renewal without a valid token': { path: '/locks/kept/renew', token: 'nobody' },
  'a release without a valid token': { path: '/locks/kept/release', token: 'octo_nobody' },
  'a keepalive without a valid token': { path: '/sessions/kept/keepalive', token: 'x' },
} as const;

/** While there is too much to do, upkeep with a valid token is served, and nothing else that looks like it. */
export const shedding: Attack = {
  name: 'shedding',
  run: (stage) =>
    withAbused(stage, { MAX_LOCKS_PER_USER: '100000' }, async (abused) => {
      await fill(abused);
      await overload(abused, stage);
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

async function overload(abused: AbusedServer, { findings, dice }: Stage): Promise<void> {
  const keeper = abused.connection('honest');
  const { body } = await keeper.post('/locks/kept/acquire', { ttl_seconds: 600 });
  const over = new AbortController();
  const listing = Array.from({ length: LISTERS }, (_, at) => list(abused, tokenOf(at), over.signal));
  const shed: Record<string, number> = {};
  const probes = Array.from({ length: PROBES_EACH }, () => [
    probe('acquires', abused.connection('honest'), shed, { dice, over: over.signal }),
    ...Object.keys(PRETENDERS).map((name) =>
      probe(name, stranger(abused, name), shed, { dice, over: over.signal }),
    ),
  ]).flat();
  const keeping = keep(keeper, body['lease_id'], over.signal);
  const wasOverloaded = await soon(() => isConclusive(shed), PATIENCE_MS);
  over.abort();
  const [refusals] = await Promise.all([keeping, ...probes, ...listing]);
  keeper.cut();
  if (!wasOverloaded && (shed['acquires'] ?? 0) < ENOUGH_TO_BLAME)
    throw new Error('the server had too little to do');
  findings.expect(refusals === 0, `${refusals} renewals with a valid token were sent away`);
  for (const name of Object.keys(PRETENDERS))
    findings.expect((shed[name] ?? 0) > 0, `${name} is never sent away, however much there is to do`);
  findings.note({ 'requests sent away under load': JSON.stringify(shed) });
}

function isConclusive(shed: Readonly<Record<string, number>>): boolean {
  const areAllShed = Object.keys(PRETENDERS).every((name) => (shed[name] ?? 0) > 0);
  return areAllShed && (shed['acquires'] ?? 0) >= ENOUGH;
}

function stranger({ server }: AbusedServer, name: string): Connection {
  return new Connection(() => server.address, PRETENDERS[name as keyof typeof PRETENDERS].token);
}

/** Asks the same over and over, and counts how often it was told that the server is overloaded. */
async function probe(
  name: string,
  connection: Connection,
  shed: Record<string, number>,
  { dice, over }: { readonly dice: Stage['dice']; readonly over: AbortSignal },
): Promise<void> {
  const path =
    name in PRETENDERS ? PRETENDERS[name as keyof typeof PRETENDERS].path : '/locks/probed/acquire';
  while (!over.aborted) {
    const { body } = await connection.post(path, { ttl_seconds: 60 }, PATIENCE_MS);
    if (body['code'] === 'overloaded') shed[name] = (shed[name] ?? 0) + 1;
    await pause(dice.below(PROBE_PAUSE_MS_MAX));
  }
  connection.cut();
}

/** Resolves with how many renewals were refused. */
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

/** Users have turns, so that it takes many of them to keep the server busy. */
function tokenOf(lister: number): string {
  return CROWD_TOKENS[lister % CROWD_TOKENS.length] ?? '';
}

/** Without the lists themselves, which would keep the client as busy as the server. */
async function list({ server }: AbusedServer, token: string, over: AbortSignal): Promise<void> {
  const wire = await Wire.to(server.address);
  const text = httpRequest({ method: 'GET', path: `/locks?limit=${LOCKS}`, token })
    .toString('latin1')
    .replace('GET', 'HEAD');
  for (let asked = 1; !over.aborted && !wire.isOver; asked += 1) {
    wire.send(text);
    await wire.until(() => wire.answers >= asked, PATIENCE_MS);
  }
  wire.cut();
}
