import { describe, expect, test } from 'vitest';
import { DeliveryQueue } from '../../../src/webhooks/delivery/delivery-queue.js';
import { KEPT_PER_WEBHOOK } from '../../../src/webhooks/delivery/finished-deliveries.js';
import { instant } from '../../support/law.js';

describe('the queue of a webhook', () => {
  const NOW = instant(1_000);

  function queueOf(...sequences: number[]): DeliveryQueue {
    const queue = new DeliveryQueue();
    for (const sequence of sequences) queue.enqueue(sequence);
    return queue;
  }

  test('keeps a strict order', () => {
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

  test('sends repeats first, but continues while they wait', () => {
    const queue = queueOf(1, 2);
    queue.finish(1, 'dead');
    expect(queue.takeFinished(1)).toBe(true);
    expect(queue.takeFinished(1)).toBe(false);
    expect(queue.isReturning(1)).toBe(true);
    queue.repeat(1);
    expect(queue.isReturning(1)).toBe(false);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
    queue.retryAt(1, instant(3_000));
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 2 });
    queue.retryAt(2, instant(4_000));
    expect(queue.next(NOW)).toEqual({ kind: 'wait', until: 3_000 });
    expect(queue.retryNow(1)).toBe(true);
    expect(queue.retryNow(9)).toBe(false);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });

  test('without an order keeps failed deliveries waiting while others are sent', () => {
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

  test('returns a delivery again that was started without an outcome', () => {
    const queue = queueOf(1);
    queue.begin(1);
    expect(queue.next(NOW)).toEqual({ kind: 'nothing' });
    queue.end(1);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });

  test('without an order drops the oldest that are not being sent', () => {
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

  test('forgets finished deliveries', () => {
    const queue = queueOf(...Array.from({ length: KEPT_PER_WEBHOOK.delivered + 2 }, (_, index) => index + 1));
    const forgotten = Array.from({ length: KEPT_PER_WEBHOOK.delivered + 2 }, (_, index) =>
      queue.finish(index + 1, 'delivered'),
    );
    expect(forgotten.flat()).toEqual([1, 2]);
  });

  test('drops deliveries above its limit, but never the first', () => {
    const queue = queueOf(...Array.from({ length: KEPT_PER_WEBHOOK.pending + 12 }, (_, index) => index + 1));
    expect(queue.takeOverflow(20)).toEqual([]);
    expect(queue.takeOverflow(10)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(queue.takeOverflow(10)).toEqual([]);
    expect(queue.next(NOW)).toEqual({ kind: 'attempt', sequence: 1 });
  });
});
