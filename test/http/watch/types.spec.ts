import { describe, expect, test } from 'vitest';
import { ApiContract } from '../../../lab/kit/http/schema.js';
import { ALICE } from '../../support/server.js';
import { SseStream, type SseFrame } from '../../support/sse.js';
import { acquire, HeldLocks, newName, useServer } from '../suite.js';

const suite = useServer({ MAX_LOCKS_PER_USER: '1000' });
const contract = ApiContract.load();

/** A stream after its first frame, the state. */
async function watch(path: string, lastEventId: number | null = null): Promise<SseStream> {
  const stream = await SseStream.open(`${suite.server.url}${path}`, { token: ALICE, lastEventId });
  if (lastEventId === null) await stream.next();
  return stream;
}

/** Everything that can happen to a lock: a grant, a renewal, a request, a break, and a grant and a release to end with. */
async function makeEvents(name: string): Promise<void> {
  const { leaseId } = await acquire(suite.alice, name, { metadata: 'mine' });
  await suite.alice.post(`/locks/${name}/renew`, { lease_id: leaseId, ttl_seconds: 60 });
  await suite.bob.post(`/locks/${name}/request-release`, { message: 'please' });
  await suite.operator.post(`/locks/${name}/break`, { reason: 'maintenance' });
  const { leaseId: last } = await acquire(suite.bob, name);
  await suite.bob.post(`/locks/${name}/release`, { lease_id: last });
}

async function typesUntilReleased(stream: SseStream): Promise<string[]> {
  const frames: SseFrame[] = [];
  while (frames.at(-1)?.event !== 'released') frames.push(await stream.next());
  for (const { event, data } of frames) {
    expect(contract.problemsWithSchema('LockEventBody', data)).toEqual([]);
    expect(data['event']).toBe(event);
  }
  return frames.map(({ event }) => event);
}

const USUAL = ['acquired', 'renewed', 'expired', 'acquired', 'released'];
const ALL = ['acquired', 'renewed', 'release_requested', 'broken', 'acquired', 'released'];

describe('a stream has', () => {
  test.each<[string, string, string[]]>([
    ['the usual types if you name none', '', USUAL],
    ['the usual types for "*"', 'events=*', USUAL],
    ['all types that you name', 'events=*,broken,release_requested', ALL],
    ['only the types that you name', 'events=broken,released', ['broken', 'released']],
    ['a broken lease as "expired" if you name only that', 'events=expired,released', ['expired', 'released']],
  ])('%s', async (_, query, expected) => {
    const name = newName('types');
    const streams = [
      await watch(`/locks/${name}/watch?${query}`),
      await watch(`/watch?prefix=${name}&${query}`),
    ];
    await makeEvents(name);
    for (const stream of streams) expect(await typesUntilReleased(stream)).toEqual(expected);
  });

  test('the same types when it resumes', async () => {
    const name = newName('types');
    const { id } = await (
      await SseStream.open(`${suite.server.url}/locks/${name}/watch`, { token: ALICE })
    ).next();
    await makeEvents(name);
    expect(await typesUntilReleased(await watch(`/locks/${name}/watch`, id))).toEqual(USUAL);
    const query = '?events=*,broken,release_requested';
    expect(await typesUntilReleased(await watch(`/locks/${name}/watch${query}`, id))).toEqual(ALL);
  });
});

test('a request to release says who asks, and describes the lease', async () => {
  const { name, token } = await acquire(suite.alice, newName(), { metadata: 'mine' });
  const stream = await watch(`/locks/${name}/watch?events=release_requested`);
  await suite.bob.post(`/locks/${name}/request-release`, { message: 'please' });
  const { data } = await stream.next();
  expect(data).toEqual({
    event: 'release_requested',
    lock: name,
    holder_id: expect.any(String),
    fencing_token: token,
    timestamp: expect.any(String),
    sequence: expect.any(Number),
    expires_at: expect.any(String),
    metadata: 'mine',
    holder: 'alice',
    requested_by: 'bob',
    message: 'please',
    mode: 'exclusive',
  });
});

test('a request to release leaves the lease in a large state', async () => {
  const prefix = newName('large');
  const held = new HeldLocks(suite.server);
  const names = Array.from({ length: 90 }, (_, index) => `${prefix}/${String(index).padStart(3, '0')}`);
  for (let holder = 0; holder < 3; holder += 1) await held.grant(names, null, { mode: 'shared' });
  const opening = SseStream.open(`${suite.server.url}/watch?prefix=${prefix}/`, { token: ALICE });
  await Promise.all(names.map((name) => suite.bob.post(`/locks/${name}/request-release`)));
  const stream = await opening;
  let count = 0;
  for (let isComplete = false; !isComplete;) {
    const { data } = await stream.next();
    count += (data['locks'] as unknown[]).length;
    isComplete = data['complete'] === true;
  }
  expect(count).toBe(3 * names.length);
});

test.each(['stolen', '', 'acquired,,released', 'acquired&events=released'])(
  'events=%s is refused',
  async (events) => {
    for (const path of [`/locks/${newName()}/watch?`, '/watch?prefix=a&']) {
      const reply = await suite.expectRefusal('validation_failed', () =>
        suite.alice.get(`${path}events=${events}`),
      );
      expect(reply.body['details']).toContain('events must list "acquired"');
    }
  },
);
