import { describe, expect, test } from 'vitest';
import { BOB } from '../../support/server.js';
import { SseStream, type SseFrame } from '../../support/sse.js';
import { acquire, newName, useServer, type Granted } from '../suite.js';

const suite = useServer({ EVENT_RETENTION: '100' });

function watch(path: string, lastEventId: number | null = null): Promise<SseStream> {
  return SseStream.open(`${suite.server.url}${path}`, { token: BOB, lastEventId });
}

async function cycle(name: string): Promise<Granted> {
  const held = await acquire(suite.alice, name);
  await suite.alice.post(`/locks/${name}/release`, { lease_id: held.leaseId });
  return held;
}

function framesOf(frames: readonly SseFrame[]): unknown[] {
  return frames.map(({ event, id }) => [event, id]);
}

describe('Last-Event-ID resumes', () => {
  test('without a gap or a repeat, from any frame', async () => {
    const name = newName();
    const stream = await watch(`/locks/${name}/watch`);
    await stream.next();
    await cycle(name);
    await cycle(newName());
    await cycle(name);
    const frames = await stream.take(4);
    const resumed = await Promise.all(frames.map(({ id }) => watch(`/locks/${name}/watch`, id)));
    await cycle(name);
    frames.push(...(await stream.take(2)));
    for (const [index, again] of resumed.entries()) {
      const rest = frames.slice(index + 1);
      expect(framesOf(await again.take(rest.length))).toEqual(framesOf(rest));
    }
  });

  test('from the state frame', async () => {
    const name = newName();
    const first = await watch(`/locks/${name}/watch`);
    const { id } = await first.next();
    first.close();
    await cycle(name);
    const resumed = await watch(`/locks/${name}/watch`, id);
    expect((await resumed.take(2)).map(({ event }) => event)).toEqual(['acquired', 'released']);
  });

  test('from the end, and then continues with new events', async () => {
    const name = newName();
    const { event_sequence } = (await suite.operator.get('/admin/status')).body;
    const stream = await watch(`/locks/${name}/watch`, Number(event_sequence));
    await expect.poll(() => stream.comments).toContain(`resumed after ${String(event_sequence)}`);
    await acquire(suite.alice, name);
    expect((await stream.next()).event).toBe('acquired');
  });

  test('a watch of a prefix', async () => {
    const prefix = newName('resumed');
    const stream = await watch(`/watch?prefix=${prefix}/`);
    const { id } = await stream.next();
    await cycle(`${prefix}/a`);
    await cycle(newName());
    await cycle(`${prefix}/b`);
    const frames = await stream.take(4);
    const resumed = await watch(`/watch?prefix=${prefix}/`, id);
    expect(framesOf(await resumed.take(4))).toEqual(framesOf(frames));
  });

  test('while events continue', async () => {
    const prefix = newName('going-on');
    const first = await watch(`/watch?prefix=${prefix}/`);
    const { id } = await first.next();
    first.close();
    const names = Array.from({ length: 40 }, (_, index) => `${prefix}/${index}`);
    const grants = Promise.all(names.map((name) => acquire(suite.alice, name)));
    const frames = await (await watch(`/watch?prefix=${prefix}/`, id)).take(40);
    const ids = frames.map((frame) => Number(frame.id));
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    expect(new Set(frames.map(({ data }) => data['lock']))).toEqual(new Set(names));
    const locks = (await grants).map(({ name, leaseId }) =>
      suite.alice.post(`/locks/${name}/release`, { lease_id: leaseId }),
    );
    await Promise.all(locks);
  });
});

describe('if it cannot, a reset frame comes before a fresh state', () => {
  async function expectReset(stream: SseStream): Promise<void> {
    const [reset, state] = await stream.take(2);
    expect(reset).toMatchObject({ event: 'reset', id: null, data: { message: expect.any(String) } });
    expect(state?.event).toBe('state');
    expect(state?.id).not.toBeNull();
  }

  test('because the log no longer reaches back', async () => {
    const name = newName();
    for (let round = 0; round < 60; round += 1) await cycle(name);
    const { events_pruned_through, event_sequence } = (await suite.operator.get('/admin/status')).body;
    const pruned = Number(events_pruned_through);
    expect(pruned).toBeGreaterThan(0);
    await expectReset(await watch(`/locks/${name}/watch`, pruned - 1));
    await expectReset(await watch(`/locks/${name}/watch`, 0));

    const stream = await watch('/watch', pruned);
    const frames = await stream.take(Number(event_sequence) - pruned);
    expect(frames[0]?.id).toBe(pruned + 1);
    expect(frames.at(-1)?.id).toBe(event_sequence);
  });

  test('because the id is from the future', async () => {
    const { event_sequence } = (await suite.operator.get('/admin/status')).body;
    const stream = await watch('/watch', Number(event_sequence) + 1);
    await expectReset(stream);
    const { name } = await acquire(suite.alice);
    expect((await stream.next()).data).toMatchObject({ event: 'acquired', lock: name });
  });
});
