import { describe, expect, test } from 'vitest';
import { Watches } from '../../../src/events/watches.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { ALICE, type TestServer } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, HeldLocks, newName, useServer } from '../suite.js';

const SETTINGS = { MAX_LOCKS_PER_USER: '100000', MAX_PENDING_COMMANDS: '100000' };

/** The largest metadata in JSON: each NUL takes six bytes. */
const METADATA = '\u0000'.repeat(1024);

function namesUnder(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}/${String(index).padStart(5, '0')}`);
}

function watch({ url }: TestServer, prefix: string, lastEventId: number | null = null): Promise<SseStream> {
  return SseStream.open(`${url}/watch?prefix=${prefix}/`, { token: ALICE, lastEventId });
}

async function takeState(stream: SseStream): Promise<unknown[]> {
  const names: unknown[] = [];
  for (;;) {
    const { event, data } = await stream.next();
    expect(event).toBe('state');
    names.push(...(data['locks'] as { name: string }[]).map(({ name }) => name));
    if (data['complete'] === true) return names;
  }
}

describe('many locks with much metadata', () => {
  const suite = useServer(SETTINGS);
  const prefix = newName('many');
  const names = namesUnder(prefix, 2000);

  test('arrive complete, in the first state', async () => {
    await new HeldLocks(suite.server).grant(names, METADATA);
    expect(await takeState(await watch(suite.server, prefix))).toEqual(names);
  });

  test('arrive complete when the stream is resumed', async () => {
    const frames = await (await watch(suite.server, prefix, 0)).take(names.length);
    expect(new Set(frames.map(({ event }) => event))).toEqual(new Set(['acquired']));
    expect(frames.map(({ data }) => data['sequence'])).toEqual(frames.map(({ id }) => id));
    expect(frames.map(({ data }) => data['lock'])).toEqual(names);
  });

  test('arrive complete at a client that pauses, with the events since and no repeats', async () => {
    const stream = await watch(suite.server, prefix);
    stream.pause();
    const held = new HeldLocks(suite.server);
    const leaseId = await held.grant([`${prefix}/new`]);
    await held.renew(`${prefix}/new`, leaseId);
    await held.release([`${prefix}/new`], leaseId);
    suite.server.app.get(Watches).beat();
    stream.resume();
    expect(await takeState(stream)).toEqual(names);
    const frames = await stream.take(3);
    expect(frames.map(({ event }) => event)).toEqual(['acquired', 'renewed', 'released']);
  });
});

describe('a client that reads its first state so slowly that the log is pruned before it has finished', () => {
  const suite = useServer({ ...SETTINGS, EVENT_RETENTION: '100' });

  test('gets a reset and a fresh state, with nothing missing after it', async () => {
    const names = namesUnder('a', 3000);
    const held = new HeldLocks(suite.server);
    const leaseId = await held.grant(names, METADATA);
    const stream = await watch(suite.server, 'a');
    stream.pause();
    await held.release(names.slice(0, 150), leaseId);
    const store = suite.server.app.get(LockStore);
    // Each commit may prune some of the log.
    while (store.log.prunedThrough <= names.length) await acquire(suite.alice);
    stream.resume();
    expect(await takeState(stream)).toEqual(names);
    expect((await stream.next()).event).toBe('reset');
    expect(await takeState(stream)).toEqual(names.slice(150));
    const { name } = await acquire(suite.alice, 'a/last');
    expect((await stream.next()).data).toMatchObject({ event: 'acquired', lock: name });
  });
});

describe('a client that does not read events', () => {
  const suite = useServer(SETTINGS);

  test('is disconnected and resumes where it was', async () => {
    const watches = suite.server.app.get(Watches);
    const held = new HeldLocks(suite.server);
    const stream = await watch(suite.server, 'slow');
    const { id } = await stream.next();
    stream.pause();
    const names: string[] = [];
    while (watches.count > 0) {
      const some = namesUnder(`slow/${names.length}`, 200);
      await held.grant(some, METADATA);
      names.push(...some);
    }
    // More than the operating system buffers, and far less than a server could hold.
    expect(names.length * METADATA.length * 6).toBeLessThan(64 * 1024 * 1024);
    const seen = await (await watch(suite.server, 'slow', id)).take(names.length);
    expect(seen.map(({ data }) => data['lock'])).toEqual(names);
  });
});
