import { describe, expect, test } from 'vitest';
import { EXCLUSIVE } from '../../src/core/model/demand.js';
import { Law } from '../support/law.js';

const WARNING = { kind: 'renews_late', marginMs: 100, ttlMs: 1_000 } as const;

/** A warning about a lease of one lock. */
function warn(law: Law, lease: ReturnType<Law['grant']>) {
  const { lockName, holder, fencingToken, metadata } = lease;
  const facts = { holder, fencingToken, metadata, hold: EXCLUSIVE, leaseLocks: [lockName] };
  return law.do({ kind: 'warn', lockName, lease: facts, warning: WARNING });
}

describe('a warning', () => {
  test('is logged, and changes nothing', () => {
    const law = new Law();
    const lease = law.grant('a', { metadata: 'm' });
    const { outcome, changes, settlements, events } = warn(law, lease);
    expect({ outcome, changes, settlements }).toEqual({
      outcome: { kind: 'warned' },
      changes: [],
      settlements: [],
    });
    expect(events).toEqual([
      {
        sequence: 2,
        at: law.now,
        actor: { kind: 'service' },
        subject: { kind: 'lock', lockName: 'a' },
        type: 'warning',
        body: {
          holder: lease.holder,
          fencingToken: lease.fencingToken,
          metadata: 'm',
          hold: EXCLUSIVE,
          leaseLocks: ['a'],
          warning: WARNING,
        },
      },
    ]);
  });

  test('is logged even if the lease has ended since', () => {
    const law = new Law();
    const lease = law.grant('a');
    law.release(lease);
    expect(warn(law, lease).outcome).toEqual({ kind: 'warned' });
  });
});
