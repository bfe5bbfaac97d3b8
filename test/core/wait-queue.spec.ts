import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WaitQueue, type Waiter } from '../../src/core/state/waiter.js';
import { acquireRequest, instant, waiterId } from '../support/law.js';

function waiter(number: number): Waiter {
  return {
    kind: 'waiter',
    waiterId: waiterId(number),
    request: acquireRequest('a'),
    deadline: instant(0),
    slot: -1,
    previous: null,
    next: null,
  };
}

/** From both ends, so that a broken link in either direction shows. */
function contents(queue: WaitQueue): Waiter[] {
  const forward: Waiter[] = [];
  for (let item = queue.first; item !== null; item = item.next) forward.push(item);
  const backward: Waiter[] = [];
  for (let item = forward.at(-1) ?? null; item !== null; item = item.previous) backward.unshift(item);
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
      const queue = new WaitQueue();
      const model: Waiter[] = [];
      const gone: Waiter[] = [];
      for (const [index, { action, at }] of list.entries()) {
        const place = model.length === 0 ? 0 : at % model.length;
        const chosen = model[place];
        const fresh = waiter(index);
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
        expect(contents(queue).map((item) => item.waiterId)).toEqual(model.map((item) => item.waiterId));
      }
    }),
    { numRuns: 500, seed: 2 },
  );
});
