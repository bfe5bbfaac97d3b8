import { describe, expect, test } from 'vitest';
import { withAttempt, attemptsOf } from '../../src/webhooks/delivery/attempt-record.js';
import { KEPT_PER_WEBHOOK } from '../../src/webhooks/delivery/finished-deliveries.js';
import { DeliveryQueue } from '../../src/webhooks/delivery/delivery-queue.js';
import { DeliverySchedule, RETRY_DELAYS_MS } from '../../src/webhooks/delivery/retry-schedule.js';
import { DeliverySlots, SLOT_HELD_MAX_MS } from '../../src/webhooks/delivery/call-limit.js';
import { deliveryIdOf } from '../../src/webhooks/delivery/delivery.js';
import { Pump } from '../../src/webhooks/background-task.js';
import { isUsableSecret } from '../../src/webhooks/transport/signature.js';
import { instant } from '../support/law.js';
import { ManualClock } from '../support/manual-clock.js';
import { settleDown } from '../support/store.js';
import { Logger } from '@nestjs/common';

describe('the schedule of retries', () => {
  const schedule = new DeliverySchedule();

  test.each(RETRY_DELAYS_MS.map((delay, index) => [index + 1, delay] as const))(
    'after %i failures waits about %i ms, never the same',
    (failures, delay) => {
      const delays = Array.from({ length: 200 }, () => schedule.delayAfter(failures, null) ?? 0);
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(delay * 0.8);
      expect(Math.max(...delays)).toBeLessThanOrEqual(delay * 1.2);
      expect(new Set(delays).size).toBeGreaterThan(100);
    },
  );

  test('ends', () => {
    expect(schedule.delayAfter(RETRY_DELAYS_MS.length + 1, null)).toBeNull();
    expect(schedule.delayAfter(RETRY_DELAYS_MS.length + 1, 1_000)).toBeNull();
  });

  test('gives a receiver the time that it asks for, up to the next step', () => {
    expect(schedule.delayAfter(1, 100_000)).toBe(100_000);
    expect(schedule.delayAfter(1, 1)).toBeLessThanOrEqual(6_000);
    expect(schedule.delayAfter(1, 10_000_000)).toBe(300_000);
    expect(schedule.delayAfter(7, 100_000_000)).toBeLessThanOrEqual(43_200_000);
  });
});

describe('the id of a delivery', () => {
  test('is a UUID that belongs to the webhook and the event', () => {
    const id = deliveryIdOf('webhook', 7);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(deliveryIdOf('webhook', 7)).toBe(id);
    expect(new Set([id, deliveryIdOf('webhook', 8), deliveryIdOf('other', 7)]).size).toBe(3);
  });
});

describe('the queue of a webhook', () => {
  const NOW = instant(1_000);

  function queueOf(...sequences: number[]): DeliveryQueue {
    const queue = new DeliveryQueue();
    for (const sequence of sequences) queue.enqueue(sequence);
    return queue;
  }

  test('goes strictly in order', () => {
    const queue = queueOf(1, 2);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
    queue.retryAt(1, instant(2_000));
    expect(queue.next(NOW)).toEqual({ kind: 'wait', until: 2_000 });
    expect(queue.next(instant(2_000))).toEqual({ kind: 'attempt', sequence: 1 });
    queue.finish(1, 'delivered');
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 2 });
    queue.finish(2, 'dead');
    expect(queue.next(NOW)).toEqual({ kind: 'nothing' });
    expect([queue.pendingCount, queue.deadCount]).toEqual([0, 1]);
  });

  test('takes repeats first, but goes on while they wait', () => {
    const queue = queueOf(1, 2);
    queue.finish(1, 'dead');
    expect(queue.takeFinished(1)).toBe(true);
    expect(queue.takeFinished(1)).toBe(false);
    queue.repeat(1);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
    queue.retryAt(1, instant(3_000));
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 2 });
    queue.retryAt(2, instant(4_000));
    expect(queue.next(NOW)).toEqual({ kind: 'wait', until: 3_000 });
    expect(queue.hasten(1)).toBe(true);
    expect(queue.hasten(9)).toBe(false);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });

  test('without an order lets those that fail wait beside the others', () => {
    const queue = new DeliveryQueue('none');
    for (const sequence of [1, 2, 3]) queue.enqueue(sequence);
    queue.begin(1);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 2 });
    queue.begin(2);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 3 });
    queue.retryAt(2, instant(2_000));
    queue.end(2);
    queue.finish(3, 'delivered');
    expect(queue.next(NOW)).toEqual({ kind: 'wait', until: 2_000 });
    queue.enqueue(4);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 4 });
    expect(queue.next(instant(2_000))).toEqual({ kind: 'attempt', sequence: 2 });
    expect(queue.pendingCount).toBe(3);
  });

  test('names again what was begun and came to nothing', () => {
    const queue = queueOf(1);
    queue.begin(1);
    expect(queue.next(NOW)).toEqual({ kind: 'nothing' });
    queue.end(1);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });

  test('without an order gives up the oldest that are not under way', () => {
    const queue = new DeliveryQueue('none');
    const total = KEPT_PER_WEBHOOK.pending + 3;
    for (let sequence = 1; sequence <= total; sequence += 1) queue.enqueue(sequence);
    queue.begin(2);
    queue.retryAt(1, instant(2_000));
    expect(queue.takeOverflow(4)).toEqual([]);
    expect(queue.takeOverflow(3)).toEqual([1, 3, 4]);
    expect(queue.pendingCount).toBe(KEPT_PER_WEBHOOK.pending);
    expect(queue.hasRetries).toBe(false);
  });

  test('forgets what was finished first', () => {
    const queue = queueOf(...Array.from({ length: KEPT_PER_WEBHOOK.delivered + 2 }, (_, index) => index + 1));
    const forgotten = Array.from({ length: KEPT_PER_WEBHOOK.delivered + 2 }, (_, index) =>
      queue.finish(index + 1, 'delivered'),
    );
    expect(forgotten.flat()).toEqual([1, 2]);
  });

  test('gives up what is too much, but never the first', () => {
    const queue = queueOf(...Array.from({ length: KEPT_PER_WEBHOOK.pending + 12 }, (_, index) => index + 1));
    expect(queue.takeOverflow(20)).toEqual([]);
    expect(queue.takeOverflow(10)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(queue.takeOverflow(10)).toEqual([]);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });
});

describe('the slots for calls', () => {
  test('are taken in turn, and given back also by a task that fails', async () => {
    const slots = new DeliverySlots(new ManualClock(), 2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const run = (task: number, isFailing = false): Promise<void> =>
      slots.use(async () => {
        begun.push(task);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (isFailing) throw new Error('no');
      });
    const failing = run(1, true).catch(() => 'failed');
    const others = [run(2), run(3), run(4)];
    await settleDown();
    expect(begun).toEqual([1, 2]);
    ends[0]?.();
    expect(await failing).toBe('failed');
    await settleDown();
    expect(begun).toEqual([1, 2, 3]);
    for (const end of ends) end();
    await settleDown();
    expect(begun).toEqual([1, 2, 3, 4]);
    ends.at(-1)?.();
    await Promise.all(others);
  });

  test('are given back, once, by a task that takes too long', async () => {
    const clock = new ManualClock();
    const slots = new DeliverySlots(clock, 1);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const tasks = [1, 2, 3].map((task) =>
      slots.use(async () => {
        begun.push(task);
        await new Promise<void>((resolve) => ends.push(resolve));
      }),
    );
    clock.advance(SLOT_HELD_MAX_MS - 1);
    await settleDown();
    expect(begun).toEqual([1]);
    clock.advance(1);
    await settleDown();
    expect(begun).toEqual([1, 2]);
    ends[0]?.();
    await settleDown();
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    await settleDown();
    expect(begun).toEqual([1, 2, 3]);
    ends[2]?.();
    await Promise.all(tasks);
  });
});

describe('a pump', () => {
  test('never runs twice at a time, and once more if it was poked meanwhile', async () => {
    let running = 0;
    let runs = 0;
    let most = 0;
    const pump = new Pump(new ManualClock(), 'test', async () => {
      runs += 1;
      running += 1;
      most = Math.max(most, running);
      await settleDown();
      running -= 1;
    });
    pump.poke();
    pump.poke();
    pump.poke();
    await settleDown();
    await settleDown();
    await pump.stop();
    expect([runs, most]).toEqual([2, 1]);
    pump.poke();
    await settleDown();
    expect(runs).toBe(2);
  });

  test('tries again what failed, later', async () => {
    Logger.overrideLogger(false);
    const clock = new ManualClock();
    let runs = 0;
    const pump = new Pump(clock, 'test', async () => {
      runs += 1;
      if (runs === 1) throw new Error('not yet');
    });
    pump.poke();
    await settleDown();
    expect(runs).toBe(1);
    clock.advance(5_000);
    await settleDown();
    expect(runs).toBe(2);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('attempts', () => {
  test('are remembered up to a bound, the newest last', () => {
    let stored = '[]';
    for (let at = 1; at <= 25; at += 1)
      stored = withAttempt(stored, { at, status: 500, error: 'status', durationMs: 1 });
    expect(attemptsOf(stored).map(({ at }) => at)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 6),
    );
  });
});

describe('a secret', () => {
  test.each(['x', 'my-secret-key', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec', 'WHSEC_?'])(
    'may be %s',
    (secret) => {
      expect(isUsableSecret(secret)).toBe(true);
    },
  );

  test.each(['', 'whsec_', 'whsec_?', 'whsec_abc', 'whsec_ab cd'])('may not be %j', (secret) => {
    expect(isUsableSecret(secret)).toBe(false);
  });
});
