import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Law } from '../support/law.js';

/** A law that has issued this many tokens. */
function after(tokens: number, quotas: ConstructorParameters<typeof Law>[0] = {}): Law {
  const law = new Law(quotas);
  for (let token = 1; token <= tokens; token += 1) law.release(law.grant('a'));
  return law;
}

const passed = (highest: number) => ({ kind: 'token_passed', highest });
const stale = (highest: number) => ({ kind: 'stale_fencing_token', highest });
const notIssued = (lastIssued: number) => ({ kind: 'token_not_issued', lastIssued });

describe('a fence that has seen token 3 of 5', () => {
  test.each([
    [2, stale(3), 3],
    [3, passed(3), 3],
    [4, passed(4), 4],
    [5, passed(5), 5],
    [6, notIssued(5), 3],
  ])('is advanced to token %i', (token, outcome, highest) => {
    const law = after(5);
    law.advanceFence('f', 3);
    expect(law.advanceFence('f', token).outcome).toEqual(outcome);
    expect(law.highest('f')).toBe(highest);
  });
});

describe('the first advance', () => {
  test('creates the fence, for the user who asks', () => {
    const law = after(2);
    const fence = { name: 'f', userId: 'bob', highest: 1 };
    const { outcome, changes, events } = law.advanceFence('f', 1, 'bob');
    expect(outcome).toEqual(passed(1));
    expect(changes).toEqual([{ kind: 'fence_saved', fence }]);
    expect(events).toEqual([]);
    expect(law.state.fenceCount).toBe(1);
  });

  test('creates none if the token was never issued', () => {
    const law = after(1);
    expect(law.advanceFence('f', 2)).toMatchObject({ outcome: notIssued(1), changes: [] });
    expect(law.state.fenceCount).toBe(0);
  });

  test('by anyone keeps the fence with the user who created it', () => {
    const law = after(2);
    law.advanceFence('f', 1, 'bob');
    const fence = { name: 'f', userId: 'bob', highest: 2 };
    expect(law.advanceFence('f', 2, 'ann').changes).toEqual([{ kind: 'fence_saved', fence }]);
  });
});

test.each([
  ['a lower token', 2],
  ['the same token', 3],
  ['a token that was never issued', 9],
])('%s changes nothing', (_, token) => {
  const law = after(5);
  law.advanceFence('f', 3);
  expect(law.advanceFence('f', token).changes).toEqual([]);
});

test('a fence needs no lock: it judges tokens of leases that have ended', () => {
  const law = after(2);
  expect(law.holding('a')).toBeNull();
  expect(law.advanceFence('a', 2).outcome).toEqual(passed(2));
});

test('fences of different names do not know of each other', () => {
  const law = after(2);
  law.advanceFence('gpu/0', 2);
  expect(law.advanceFence('gpu/1', 1).outcome).toEqual(passed(1));
});

describe('the limit of fences', () => {
  test('of a user is reached by those that the user created', () => {
    const law = after(1, { maxFencesPerUser: 2 });
    for (const name of ['f', 'g']) law.advanceFence(name, 1, 'ann');
    const refusal = { kind: 'fence_limit_exceeded', limit: 2 };
    expect(law.advanceFence('h', 1, 'ann')).toMatchObject({ outcome: refusal, changes: [] });
    expect(law.advanceFence('g', 1, 'ann').outcome).toEqual(passed(1));
    expect(law.advanceFence('h', 1, 'bob').outcome).toEqual(passed(1));
  });

  test('of all users is reached by all of them', () => {
    const law = after(1, { maxFences: 2 });
    law.advanceFence('f', 1, 'ann');
    law.advanceFence('g', 1, 'bob');
    const refusal = { kind: 'too_many_fences', limit: 2 };
    expect(law.advanceFence('h', 1, 'cid')).toMatchObject({ outcome: refusal, changes: [] });
  });

  test('of a user goes before that of all', () => {
    const law = after(1, { maxFences: 1, maxFencesPerUser: 1 });
    law.advanceFence('f', 1);
    expect(law.advanceFence('g', 1).outcome.kind).toBe('fence_limit_exceeded');
  });

  test('has room again after a fence is deleted', () => {
    const law = after(1, { maxFences: 1, maxFencesPerUser: 1 });
    law.advanceFence('f', 1);
    law.deleteFence('f');
    expect(law.advanceFence('g', 1).outcome).toEqual(passed(1));
  });
});

describe('a deleted fence', () => {
  test('is gone, and a new one has seen nothing', () => {
    const law = after(2);
    law.advanceFence('f', 2);
    const fence = { name: 'f', userId: 'ann', highest: 2 };
    expect(law.deleteFence('f')).toMatchObject({
      outcome: { kind: 'fence_deleted' },
      changes: [{ kind: 'fence_removed', fence }],
    });
    expect(law.state.fenceCount).toBe(0);
    expect(law.advanceFence('f', 1).outcome).toEqual(passed(1));
  });

  test('cannot be deleted again', () => {
    const law = after(1);
    expect(law.deleteFence('f')).toMatchObject({ outcome: { kind: 'fence_not_found' }, changes: [] });
  });
});

test('whatever tokens arrive, in whatever order, the highest never goes back', () => {
  const tokens = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(tokens, (arriving) => {
      const law = after(10);
      let highest = 0;
      for (const token of arriving) {
        const { kind } = law.advanceFence('f', token).outcome;
        expect(kind === 'token_passed').toBe(token <= 10 && token >= highest);
        if (kind === 'token_passed') highest = token;
        expect(law.highest('f') ?? 0).toBe(highest);
      }
    }),
  );
});
