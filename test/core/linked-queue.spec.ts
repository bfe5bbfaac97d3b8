import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedQueue, type Linked } from '../../src/core/state/linked-queue.js';

interface Item extends Linked<Item> {
  readonly number: number;
}

const item = (number: number): Item => ({ number, previous: null, next: null });

/** From both ends, so that a broken link in either direction shows. */
function contents(queue: LinkedQueue<Item>): Item[] {
  const forward: Item[] = [];
  for (let next = queue.first; next !== null; next = next.next) forward.push(next);
  const backward: Item[] = [];
  for (let last = forward.at(-1) ?? null; last !== null; last = last.previous) backward.unshift(last);
  expect(backward).toEqual(forward);
  expect(queue.length).toBe(forward.length);
  return forward;
}

test('whatever comes, goes and is replaced, the queue is in order of arrival', () => {
  const actions = fc.array(
    fc.record({ action: fc.constantFrom('push', 'push', 'remove', 'replace'), at: fc.nat(20) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(actions, (list) => {
      const queue = new LinkedQueue<Item>();
      const model: Item[] = [];
      const gone: Item[] = [];
      for (const [index, { action, at }] of list.entries()) {
        const place = model.length === 0 ? 0 : at % model.length;
        const chosen = model[place];
        const fresh = item(index);
        if (action === 'push') {
          queue.push(fresh);
          model.push(fresh);
        } else if (chosen !== undefined && action === 'remove') {
          queue.remove(chosen);
          model.splice(place, 1);
          gone.push(chosen);
        } else if (chosen !== undefined) {
          queue.replace(chosen, fresh);
          model[place] = fresh;
          gone.push(chosen);
        }
        expect(gone.every(({ previous, next }) => previous === null && next === null)).toBe(true);
        expect(contents(queue).map(({ number }) => number)).toEqual(model.map(({ number }) => number));
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});
