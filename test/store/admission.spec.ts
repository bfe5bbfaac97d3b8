import { describe, expect, test } from 'vitest';
import { Admission, type Demand } from '../../src/store/admission.js';

/** The code that a command with this demand is refused with, or `admitted`. */
function verdict(admission: Admission, demand: Demand): unknown {
  try {
    admission.admit(demand);
    return 'admitted';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}

const both = (admission: Admission): unknown[] => [verdict(admission, 'new'), verdict(admission, 'existing')];

describe('admission', () => {
  test('accepts everything while the store serves', () => {
    const admission = new Admission(10, { pending: 9, isStalled: false });
    expect(both(admission)).toEqual(['admitted', 'admitted']);
    expect([admission.status, admission.isRunning, admission.isStorageLow]).toEqual(['serving', true, false]);
  });

  test('under overload refuses new work long before work on existing leases', () => {
    let pending = 10;
    const admission = new Admission(10, {
      get pending() {
        return pending;
      },
      isStalled: false,
    });
    expect(both(admission)).toEqual(['overloaded', 'admitted']);
    pending = 39;
    expect(both(admission)).toEqual(['overloaded', 'admitted']);
    pending = 40;
    expect(both(admission)).toEqual(['overloaded', 'overloaded']);
    pending = 0;
    expect(both(admission)).toEqual(['admitted', 'admitted']);
  });

  test('on a disk that is nearly full grants nothing new, until there is room again', () => {
    const admission = new Admission(10, { pending: 0, isStalled: false });
    admission.setStorageLow(true);
    expect(both(admission)).toEqual(['storage_low', 'admitted']);
    admission.setStorageLow(false);
    expect(both(admission)).toEqual(['admitted', 'admitted']);
  });

  test('while draining grants nothing new', () => {
    const admission = new Admission(10, { pending: 0, isStalled: false });
    admission.drain();
    expect(admission.status).toBe('draining');
    expect(both(admission)).toEqual(['shutting_down', 'admitted']);
  });

  test('accepts nothing once it is closed, and says that nothing was done', () => {
    const admission = new Admission(10, { pending: 0, isStalled: false });
    admission.close();
    expect([admission.status, admission.isRunning]).toEqual(['closed', true]);
    expect(both(admission)).toEqual(['shutting_down', 'shutting_down']);
    expect(() => admission.assertAvailable()).toThrow(
      expect.objectContaining({ headers: { 'Octostore-Unserved': '1' } }),
    );
  });

  test('accepts nothing once the store has failed, and never again', () => {
    const admission = new Admission(10, { pending: 0, isStalled: false });
    expect(admission.stop()).toBe(true);
    expect(admission.stop()).toBe(false);
    admission.drain();
    admission.close();
    expect([admission.status, admission.isRunning]).toEqual(['failed', false]);
    expect(both(admission)).toEqual(['store_unavailable', 'store_unavailable']);
    expect(() => admission.assertAvailable()).toThrow('could not confirm');
  });

  test('can also fail while draining', () => {
    const admission = new Admission(10, { pending: 0, isStalled: false });
    admission.drain();
    expect(admission.stop()).toBe(true);
    expect(admission.status).toBe('failed');
  });

  const refusals: [string, (admission: Admission) => void, number][] = [
    ['overloaded', () => undefined, 0],
    ['shutting_down', (admission) => admission.drain(), 1],
    ['storage_low', (admission) => admission.setStorageLow(true), 1],
  ];
  test.each(refusals)('says when to retry if it refuses a client as %s', (code, bring, maxPending) => {
    const admission = new Admission(maxPending, { pending: 0, isStalled: false });
    bring(admission);
    expect(() => admission.admit('new')).toThrow(expect.objectContaining({ code, retryAfterMs: 1_000 }));
  });

  test('gives no retry time once the store has failed', () => {
    const admission = new Admission(1, { pending: 0, isStalled: false });
    admission.stop();
    expect(() => admission.admit('new')).toThrow(
      expect.objectContaining({ code: 'store_unavailable', retryAfterMs: undefined }),
    );
  });

  test('refuses everything while the database does not answer, and accepts it again when it does', () => {
    const commits = { pending: 0, isStalled: true };
    const admission = new Admission(10, commits);
    expect(both(admission)).toEqual(['store_unavailable', 'store_unavailable']);
    expect([admission.isRunning, admission.isAvailable]).toEqual([true, false]);
    commits.isStalled = false;
    expect(both(admission)).toEqual(['admitted', 'admitted']);
    expect(admission.isAvailable).toBe(true);
  });
});
