import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../../src/core/model/time.js';
import { DeadlineHeap, type Due } from '../../src/core/state/deadline-heap.js';
import { instant } from '../support/law.js';

interface Item extends Due {
  deadline: Instant;
}

const due = (deadline: number): Item => ({ deadline: instant(deadline), heapIndex: -1 });

describe('the deadline heap', () => {
  test('is empty at first', () => {
    const heap = new DeadlineHeap();
    expect([heap.size, heap.peek()]).toEqual([0, undefined]);
  });

  test('always shows the earliest, whatever is added, moved and removed', () => {
    const actions = fc.array(
      fc.record({
        action: fc.constantFrom('add', 'add', 'move', 'remove'),
        at: fc.nat(50),
        deadline: fc.nat(30),
      }),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(actions, (list) => {
        const heap = new DeadlineHeap<Item>();
        const model: Item[] = [];
        const gone: Item[] = [];
        for (const { action, at, deadline } of list) {
          const place = model.length === 0 ? 0 : at % model.length;
          const chosen = model[place];
          if (action === 'add') {
            const item = due(deadline);
            heap.add(item);
            model.push(item);
          } else if (chosen !== undefined && action === 'move') {
            chosen.deadline = instant(deadline);
            heap.reorder(chosen);
          } else if (chosen !== undefined) {
            heap.remove(chosen);
            model.splice(place, 1);
            gone.push(chosen);
          }
          expect(gone.every(({ heapIndex }) => heapIndex === -1)).toBe(true);
          expect(heap.size).toBe(model.length);
          expect(heap.peek()?.deadline).toBe(model.toSorted((a, b) => a.deadline - b.deadline)[0]?.deadline);
        }
      }),
      { numRuns: 1_000, seed: 3 },
    );
  });

  test('yields everything in order of the deadlines', () => {
    const deadlines = fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(deadlines, (list) => {
        const heap = new DeadlineHeap<Item>();
        for (const deadline of list) heap.add(due(deadline));
        const taken: number[] = [];
        for (let item = heap.peek(); item !== undefined; item = heap.peek()) {
          taken.push(item.deadline);
          heap.remove(item);
        }
        expect(taken).toEqual(list.toSorted((a, b) => a - b));
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});
