import { expect, test } from 'vitest';
import { Law } from '../support/law.js';

test('a lease is found by its fencing token, not only by its lock', () => {
  const law = new Law();
  const lease = law.grant('a');
  const other = { ...lease, fencingToken: law.grant('b').fencingToken };
  expect(() => law.state.apply({ kind: 'lease_ended', lease: other })).toThrow(
    `there is no lease with fencing token ${other.fencingToken}`,
  );
  expect(law.holding('a')).toEqual(lease);
});
