import { pause } from '../../../../src/process/time.js';
import { PeakMemory } from '../../overload/peak-memory.js';
import type { Attack, AttackContext } from '../attack.js';
import { EVENTUALLY_MS, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText } from '../request-text.js';
import { RawClient } from '../raw-client.js';

/**
 * The kernel buffers some 4 MB for an unread connection on the same machine. So each stream must carry more than that, and there
 * must be no more streams than the kernel has memory for.
 */
const PLANS = { small: { watches: 30, events: 5000 }, full: { watches: 400, events: 8000 } } as const;

const GROWTH_MAX_MIB = 128;

/** The promised limit of buffered bytes for all streams of a user. */
const BUFFERED_MAX_MIB = 16;
const POLL_MS = 100;
const OPENED_AT_ONCE = 50;
const WARM_UP_PART = 3;

/** Few, because streams that fall behind read from the event log and buffer nothing. */
const WRITERS = 4;
const MIB = 1024 * 1024;
const METADATA = 'm'.repeat(1024);

/** Enough characters to contain the last frame. */
const TAIL = 3000;

const RESUMED_WITHIN_MS = 60_000;

/** A resumed client may be cut off again while others read nothing. */
const RESUMES_MAX = 50;

/** How many streams to resume. */
const RESUMED = 5;

const SETTINGS = { MAX_WATCHERS_PER_USER: '10000', MAX_CONNECTIONS: '5000', EVENT_RETENTION: '1000000' };

/** Unread event streams must not fill the memory, and their clients must be able to resume where they stopped. */
export const slowReaders: Attack = {
  name: 'slow-readers',
  run: (context) =>
    withAbused(context, SETTINGS, async (abused) => {
      const { watches, events } = PLANS[context.budget];
      // A warm-up: the memory that events cost anyway must not count as growth.
      await makeEvents(abused, 'warm', events / WARM_UP_PART);
      const clients = await openWatches(abused, watches);
      const memory = new PeakMemory(abused.server);
      const before = abused.server.residentBytes;
      const over = new AbortController();
      const buffered = peakBuffered(abused, over.signal);
      await makeEvents(abused, 'loud', events).finally(() => over.abort());
      const bufferedMib = Math.ceil((await buffered) / MIB);
      const growthMib = Math.round((memory.stop() - before) / MIB);
      context.findings.addFigures({
        [`memory growth with ${watches} unread event streams, MiB`]: growthMib,
        [`buffered for them, MiB (limit ${BUFFERED_MAX_MIB})`]: bufferedMib,
        'of them cut off': watches - (await abused.metric('octostore_watchers')),
      });
      context.findings.expect(
        growthMib < GROWTH_MAX_MIB,
        `${watches} unread event streams took ${growthMib} MiB`,
      );
      context.findings.expect(
        bufferedMib <= BUFFERED_MAX_MIB + 1,
        `${bufferedMib} MiB were buffered for the event streams of one user`,
      );
      await resume(abused, clients, context);
      for (const client of clients) client.cut();
    }),
};

async function openWatches({ server }: AbusedServer, count: number): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  while (clients.length < count) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(OPENED_AT_ONCE, count - clients.length) }, () =>
        RawClient.to(server.address, { reads: false }),
      ),
    );
    await Promise.all(
      opened.map((client) =>
        client.sent(requestText('GET', '/watch?events=*,warning&prefix=loud', 'greedy')),
      ),
    );
    clients.push(...opened);
  }
  return clients;
}

/** Uses renewals, because every renewal event repeats the metadata. */
async function makeEvents(abused: AbusedServer, name: string, count: number): Promise<void> {
  const write = async (writer: number): Promise<void> => {
    const connection = abused.connection('greedy');
    const lock = `/locks/${name}-${writer}`;
    const body = { ttl_seconds: 600, metadata: METADATA };
    const { lease_id } = (await connection.post(`${lock}/acquire`, body, EVENTUALLY_MS)).body;
    for (let made = 1; made < count / WRITERS; made += 1)
      await connection.post(`${lock}/renew`, { lease_id, ttl_seconds: 600 }, EVENTUALLY_MS);
    connection.cut();
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

/** Resolves with the highest number of buffered bytes that the server reported. */
async function peakBuffered(abused: AbusedServer, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    most = Math.max(most, await abused.metric('octostore_stream_buffer_bytes'));
    await pause(POLL_MS);
  }
  return most;
}

/** The events that a client reads before and after it was cut off have no gap and no repeats. */
async function resume(
  abused: AbusedServer,
  clients: readonly RawClient[],
  { findings }: AttackContext,
): Promise<void> {
  const last = await lastSequence(abused);
  for (const client of clients.slice(0, RESUMED)) {
    client.read();
    await client.until(() => endsWith(client, last), EVENTUALLY_MS / 10);
    const seen = sequencesIn(client.received);
    const from = seen.at(-1);
    if (from === undefined) throw new Error(`an event stream began with ${client.received.slice(0, 200)}`);
    for (let times = 0; times < RESUMES_MAX && seen.at(-1) !== last; times += 1)
      seen.push(...(await resumed(abused, seen.at(-1) ?? 0, last)));
    const isWhole = seen.at(-1) === last && seen.every((one, at) => one === (seen[0] ?? 0) + at);
    findings.expect(isWhole, `a client that was cut off after ${from} of ${last} read ${gapIn(seen)}`);
  }
  findings.addFigures({ 'of them resumed without a gap': RESUMED });
}

/** Resumes after an event. Resolves with the events that follow, until the client is cut off again or has read the last one. */
async function resumed({ server }: AbusedServer, from: number, last: number): Promise<number[]> {
  const request = requestText('GET', '/watch?events=*,warning&prefix=loud', 'greedy');
  const client = await RawClient.to(server.address);
  client.send(request.replace('\r\n\r\n', `\r\nlast-event-id: ${from}\r\n\r\n`));
  await client.until(() => endsWith(client, last), RESUMED_WITHIN_MS);
  client.cut();
  return sequencesIn(client.received);
}

/** Whether the complete frame of an event is among the last characters. */
function endsWith(client: RawClient, sequence: number): boolean {
  const [, after] = client.received.slice(-TAIL).split(`id: ${sequence}\n`);
  return after?.includes('\n\n') ?? false;
}

function gapIn(seen: readonly number[]): string {
  const at = seen.findIndex((one, index) => index > 0 && one !== (seen[index - 1] ?? 0) + 1);
  return at === -1 ? `nothing after ${seen.at(-1)}` : `${seen[at]} after ${seen[at - 1]}`;
}

/** The sequence of the server's latest event. A new watch begins with the current position. */
async function lastSequence({ server }: AbusedServer): Promise<number> {
  const client = (await RawClient.to(server.address)).send(
    requestText('GET', '/watch?events=*,warning&prefix=loud', 'greedy'),
  );
  await client.until(() => /^id: \d+$/m.test(client.received), EVENTUALLY_MS);
  client.cut();
  return sequencesIn(client.received).at(-1) ?? 0;
}

function sequencesIn(text: string): number[] {
  // The last frame may be incomplete.
  const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
  return [...whole.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}
