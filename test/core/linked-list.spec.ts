import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkedList, type Linked } from '../../src/core/state/linked-list.js';

interface Item extends Linked<Item> {
  readonly number: number;
}

const item = (number: number): Item => ({ number, previous: null, next: null });

/** From both ends, so that a broken link in either direction shows. */
function contents(list: LinkedList<Item>): Item[] {
  const forward: Item[] = [];
  for (let next = list.first; next !== null; next = next.next) forward.push(next);
  const backward: Item[] = [];
  for (let last = forward.at(-1) ?? null; last !== null; last = last.previous) backward.unshift(last);
  expect(backward).toEqual(forward);
  expect(list.length).toBe(forward.length);
  return forward;
}

test('whatever comes and goes, the list is in order of arrival', () => {
  const actions = fc.array(fc.record({ action: fc.constantFrom('push', 'push', 'remove'), at: fc.nat(20) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(actions, (steps) => {
      const list = new LinkedList<Item>();
      const model: Item[] = [];
      const gone: Item[] = [];
      for (const [index, { action, at }] of steps.entries()) {
        const place = model.length === 0 ? 0 : at % model.length;
        const chosen = model[place];
        const fresh = item(index);
        if (action === 'push') {
          list.push(fresh);
          model.push(fresh);
        } else if (chosen !== undefined && action === 'remove') {
          list.remove(chosen);
          model.splice(place, 1);
          gone.push(chosen);
        }
        expect(gone.every(({ previous, next }) => previous === null && next === null)).toBe(true);
        expect(list.find(({ number }) => number >= at)).toBe(
          model.find(({ number }) => number >= at) ?? null,
        );
        expect(contents(list).map(({ number }) => number)).toEqual(model.map(({ number }) => number));
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});
