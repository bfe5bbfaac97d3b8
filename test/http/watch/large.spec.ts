import { describe, expect, test } from 'vitest';
import { Watches } from '../../../src/events/watches.js';
import { ALICE } from '../../support/server.js';
import { SseStream, type SseFrame } from '../../support/sse.js';
import { acquire, acquireAll, newName, useServer, type Granted } from '../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '100000', MAX_PENDING_COMMANDS: '100000' });

/** As large as metadata can be in JSON: each NUL takes six bytes. */
const METADATA = '\u0000'.repeat(1024);

const LOCKS = 700;

function holdMany(prefix: string, count: number): Promise<Granted[]> {
  const names = Array.from({ length: count }, (_, index) => `${prefix}/${String(index).padStart(5, '0')}`);
  return acquireAll(suite.alice, names, { ttl_seconds: 3600, metadata: METADATA });
}

function watch(prefix: string, lastEventId: number | null = null): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: ALICE, lastEventId });
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
  const prefix = newName('many');
  let held: Granted[] = [];

  test('arrive whole, in the first state', async () => {
    held = await holdMany(prefix, LOCKS);
    expect(await takeState(await watch(prefix))).toEqual(held.map(({ name }) => name));
  });

  test('arrive whole, when the stream is resumed', async () => {
    const frames = await (await watch(prefix, 0)).take(LOCKS);
    expect(frames.map(({ event }) => event)).toEqual(Array.from({ length: LOCKS }, () => 'acquired'));
    expect(frames.map(({ data }) => data['sequence'])).toEqual(frames.map(({ id }) => id));
    expect(new Set(frames.map(({ data }) => data['lock'])).size).toBe(LOCKS);
  });

  test('arrive whole at a client that pauses, with what happened meanwhile and without repeats', async () => {
    const stream = await watch(prefix);
    stream.pause();
    const [first] = held;
    const lease = { lease_id: first?.leaseId };
    await suite.alice.post(`/locks/${first?.name}/renew`, { ...lease, ttl_seconds: 3600 });
    await suite.alice.post(`/locks/${first?.name}/release`, lease);
    stream.resume();
    const names = await takeState(stream);
    expect(names).toHaveLength(LOCKS);
    const frames = await stream.take(2);
    expect(frames.map(({ event }) => event)).toEqual(['renewed', 'released']);
  });
});

describe('a client that reads its first state so slowly that the log is pruned meanwhile', () => {
  const forgetful = useServer({ MAX_LOCKS_PER_USER: '100000', EVENT_RETENTION: '100' });

  test('is told so and gets a fresh state, with nothing missing after it', async () => {
    const names = Array.from({ length: 1_500 }, (_, index) => `a/${String(index).padStart(4, '0')}`);
    const held = await acquireAll(forgetful.alice, names, { ttl_seconds: 3600, metadata: METADATA });
    const stream = await SseStream.open(`${forgetful.server.url}/watch`, { token: ALICE });
    stream.pause();
    const released = held
      .slice(0, 150)
      .map(({ name, leaseId }) => forgetful.alice.post(`/locks/${name}/release`, { lease_id: leaseId }));
    await Promise.all(released);
    stream.resume();
    expect(await takeState(stream)).toEqual(names);
    expect((await stream.next()).event).toBe('reset');
    expect(await takeState(stream)).toEqual(names.slice(150));
    const { name } = await acquire(forgetful.alice);
    expect((await stream.next()).data).toMatchObject({ event: 'acquired', lock: name });
  });
});

test('a client that does not read what happens is cut off and resumes where it was', async () => {
  const prefix = newName('slow');
  const watches = suite.server.app.get(Watches);
  await expect.poll(() => watches.count).toBe(0);
  const stream = await watch(prefix);
  const { id } = await stream.next();
  stream.pause();
  const held: Granted[] = [];
  while (watches.count > 0) held.push(...(await holdMany(`${prefix}/${held.length}`, 200)));
  // More than the operating system keeps for it and far from all that a server could hold.
  expect(held.length * METADATA.length * 6).toBeLessThan(64 * 1024 * 1024);

  const seen: SseFrame[] = await (await watch(prefix, id)).take(held.length);
  expect(new Set(seen.map(({ data }) => data['lock']))).toEqual(new Set(held.map(({ name }) => name)));
});
