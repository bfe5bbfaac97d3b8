import { expect, test } from 'vitest';
import { Watches } from '../../../src/events/watches.js';
import { ALICE, BOB } from '../../support/server.js';
import { SseStream } from '../../support/sse.js';
import { acquire, HeldLocks, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_STREAM_BUFFER_MB_PER_USER: '1', MAX_LOCKS_PER_USER: '100000' });

const METADATA = '\u0000'.repeat(1024);

test('the memory for the unread streams of a user is bounded, and another user misses nothing', async () => {
  const watches = suite.server.app.get(Watches);
  const url = `${suite.server.url}/watch?prefix=slow/`;
  const unread = await Promise.all(Array.from({ length: 20 }, () => SseStream.open(url, { token: ALICE })));
  for (const stream of unread) stream.pause();
  const reading = await SseStream.open(url, { token: BOB });
  await reading.next();
  const held = new HeldLocks(suite.server);
  let most = 0;
  for (let round = 0; watches.cutOff.user === 0; round += 1) {
    const names = Array.from({ length: 50 }, (_, index) => `slow/${round}/${index}`);
    await held.grant(names, METADATA);
    const frames = await reading.take(names.length);
    expect(frames.map(({ data }) => data['lock'])).toEqual(names);
    most = Math.max(most, watches.waitingBytes);
  }
  // One frame may exceed the limit before a watcher is disconnected.
  expect(most).toBeLessThan(1.1 * 1024 * 1024);
  const { body } = await suite.operator.get('/metrics');
  expect(body['text']).toMatch(/^octostore_streams_cut_off_total\{limit="user"\} [1-9]/m);
  expect(body['text']).toMatch(/^octostore_stream_buffer_bytes \d/m);
  for (const stream of unread) stream.close();
  await expect.poll(() => watches.count).toBe(1);
  await expect.poll(() => watches.waitingBytes).toBe(0);
});

test('a state of very many locks is that of one moment, and each later event is sent once', async () => {
  const prefix = newName('churn');
  const names = Array.from({ length: 2_000 }, (_, index) => `${prefix}/${String(index).padStart(4, '0')}`);
  const holder = new HeldLocks(suite.server);
  const leaseId = await holder.grant(names);
  const over = new AbortController();
  const gone = new Set<unknown>();
  const churn = async (): Promise<void> => {
    for (const name of names.filter((_, index) => index % 7 === 0)) {
      if (over.signal.aborted) return;
      await holder.release([name], leaseId);
      gone.add(name);
      await acquire(suite.alice, `${name}/new`);
    }
  };
  const churning = churn();
  const stream = await SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: BOB });
  const locks = new Set<unknown>();
  for (;;) {
    const { data, id } = await stream.next();
    for (const { name } of data['locks'] as { name: string }[]) {
      expect(locks.has(name)).toBe(false);
      locks.add(name);
    }
    expect(id === null).toBe(data['complete'] !== true);
    if (data['complete'] === true) break;
  }
  over.abort();
  await churning;
  const last = await acquire(suite.alice, `${prefix}/last`);
  for (;;) {
    const { event, data } = await stream.next();
    // Events that the state includes are not sent again.
    expect(locks.has(data['lock'])).toBe(event === 'released');
    if (event === 'released') locks.delete(data['lock']);
    else locks.add(data['lock']);
    if (data['lock'] === last.name) break;
  }
  const { body } = await suite.alice.get(`/locks?prefix=${prefix}/&limit=10000`);
  const listed = (body['locks'] as { name: string }[]).map(({ name }) => name);
  expect(new Set(listed)).toEqual(locks);
  for (const name of gone) expect(locks.has(name)).toBe(false);
});
