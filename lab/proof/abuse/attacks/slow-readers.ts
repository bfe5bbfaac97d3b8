import { pause } from '../../../../src/process/time.js';
import { PeakMemory } from '../../overload/peak-memory.js';
import type { Attack, Stage } from '../attack.js';
import { SOON_MS, withAbused, type AbusedServer } from '../abused-server.js';
import { requestText } from '../request-text.js';
import { Wire } from '../wire.js';

/**
 * The system itself takes some 4 MB for a connection that nobody reads, whose peer is on the same machine. So there must be more
 * of each stream than that, and no more streams than it has memory for.
 */
const PLANS = { small: { watches: 30, events: 5000 }, full: { watches: 400, events: 8000 } } as const;

const GROWTH_MAX_MIB = 128;

/** Bytes that may wait for all streams of a user. */
const WAITING_MAX_MIB = 16;
const LOOK_EVERY_MS = 100;
const OPENED_AT_ONCE = 50;
const WARM_UP_PART = 3;

/** Few: streams that cannot keep up with what happens read from the log, and nothing waits for them in memory. */
const WRITERS = 4;
const MIB = 1024 * 1024;
const METADATA = 'm'.repeat(1024);

/** Characters that hold the last frame. */
const TAIL = 3000;

const RESUMED_WITHIN_MS = 60_000;

/** While others read nothing, a client may be cut off once more. */
const RESUMES_MAX = 50;

/** Those that are taken up again. */
const RESUMED = 5;

const SETTINGS = { MAX_WATCHERS_PER_USER: '10000', MAX_CONNECTIONS: '5000', EVENT_RETENTION: '1000000' };

/** Event streams that nobody reads must not fill the memory, and their clients must be able to go on where they were. */
export const slowReaders: Attack = {
  name: 'slow-readers',
  run: (stage) =>
    withAbused(stage, SETTINGS, async (abused) => {
      const { watches, events } = PLANS[stage.budget];
      // What any number of events costs is not the fault of those who do not read them.
      await makeEvents(abused, 'warm', events / WARM_UP_PART);
      const wires = await openWatches(abused, watches);
      const memory = new PeakMemory(abused.server);
      const before = abused.server.residentBytes;
      const over = new AbortController();
      const waiting = mostWaiting(abused, over.signal);
      await makeEvents(abused, 'loud', events).finally(() => over.abort());
      const waitingMib = Math.ceil((await waiting) / MIB);
      const growthMib = Math.round((memory.stop() - before) / MIB);
      stage.findings.note({
        [`MiB more beside ${watches} unread event streams`]: growthMib,
        [`MiB that waited for them (${WAITING_MAX_MIB} promised)`]: waitingMib,
        'streams of them that were cut off': watches - (await abused.metric('octostore_watchers')),
      });
      stage.findings.expect(
        growthMib < GROWTH_MAX_MIB,
        `${watches} unread event streams took ${growthMib} MiB`,
      );
      stage.findings.expect(
        waitingMib <= WAITING_MAX_MIB + 1,
        `${waitingMib} MiB wait for the event streams of one user`,
      );
      await resume(abused, wires, stage);
      for (const wire of wires) wire.cut();
    }),
};

async function openWatches({ server }: AbusedServer, count: number): Promise<Wire[]> {
  const wires: Wire[] = [];
  while (wires.length < count) {
    const opened = await Promise.all(
      Array.from({ length: Math.min(OPENED_AT_ONCE, count - wires.length) }, () =>
        Wire.to(server.address, { reads: false }),
      ),
    );
    await Promise.all(opened.map((wire) => wire.sent(requestText('GET', '/watch?prefix=loud', 'greedy'))));
    wires.push(...opened);
  }
  return wires;
}

/** Renewals, because each tells the metadata again. */
async function makeEvents(abused: AbusedServer, name: string, count: number): Promise<void> {
  const write = async (writer: number): Promise<void> => {
    const connection = abused.connection('greedy');
    const lock = `/locks/${name}-${writer}`;
    const body = { ttl_seconds: 600, metadata: METADATA };
    const { lease_id } = (await connection.post(`${lock}/acquire`, body, SOON_MS)).body;
    for (let made = 1; made < count / WRITERS; made += 1)
      await connection.post(`${lock}/renew`, { lease_id, ttl_seconds: 600 }, SOON_MS);
    connection.cut();
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
}

/** Resolves with the most bytes that waited for all streams, as the server says. */
async function mostWaiting(abused: AbusedServer, over: AbortSignal): Promise<number> {
  let most = 0;
  while (!over.aborted) {
    most = Math.max(most, await abused.metric('octostore_stream_buffer_bytes'));
    await pause(LOOK_EVERY_MS);
  }
  return most;
}

/** What a client is told before and after it was cut off has no gap and no repeats. */
async function resume(abused: AbusedServer, wires: readonly Wire[], { findings }: Stage): Promise<void> {
  const last = await lastSequence(abused);
  for (const wire of wires.slice(0, RESUMED)) {
    wire.read();
    await wire.until(() => endsWith(wire, last), SOON_MS / 10);
    const seen = sequencesIn(wire.received);
    const from = seen.at(-1);
    if (from === undefined) throw new Error(`an event stream began with ${wire.received.slice(0, 200)}`);
    for (let times = 0; times < RESUMES_MAX && seen.at(-1) !== last; times += 1)
      seen.push(...(await resumed(abused, seen.at(-1) ?? 0, last)));
    const isWhole = seen.at(-1) === last && seen.every((one, at) => one === (seen[0] ?? 0) + at);
    findings.expect(isWhole, `a client that was cut off after ${from} of ${last} was told of ${gapIn(seen)}`);
  }
  findings.note({ 'of them looked at and resumed without a gap': RESUMED });
}

/** Resolves with what a client is told that goes on after an event, until it is cut off again or knows the last one. */
async function resumed({ server }: AbusedServer, from: number, last: number): Promise<number[]> {
  const request = requestText('GET', '/watch?prefix=loud', 'greedy');
  const wire = await Wire.to(server.address);
  wire.send(request.replace('\r\n\r\n', `\r\nlast-event-id: ${from}\r\n\r\n`));
  await wire.until(() => endsWith(wire, last), RESUMED_WITHIN_MS);
  wire.cut();
  return sequencesIn(wire.received);
}

/** Whether the frame of an event has come as a whole, as one of the last. */
function endsWith(wire: Wire, sequence: number): boolean {
  const [, after] = wire.received.slice(-TAIL).split(`id: ${sequence}\n`);
  return after?.includes('\n\n') ?? false;
}

function gapIn(seen: readonly number[]): string {
  const at = seen.findIndex((one, index) => index > 0 && one !== (seen[index - 1] ?? 0) + 1);
  return at === -1 ? `nothing after ${seen.at(-1)}` : `${seen[at]} after ${seen[at - 1]}`;
}

/** Every event of this server is one of the lock that is watched, from the first one on. */
async function lastSequence({ server }: AbusedServer): Promise<number> {
  const wire = (await Wire.to(server.address)).send(requestText('GET', '/watch?prefix=loud', 'greedy'));
  await wire.until(() => /^id: \d+$/m.test(wire.received), SOON_MS);
  wire.cut();
  return sequencesIn(wire.received).at(-1) ?? 0;
}

function sequencesIn(text: string): number[] {
  // A frame that was cut off says nothing.
  const whole = text.slice(0, text.lastIndexOf('\n\n') + 2);
  return [...whole.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
}
