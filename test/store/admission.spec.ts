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
  test('takes everything on while the store serves', () => {
    const admission = new Admission(10, () => 9);
    expect(both(admission)).toEqual(['admitted', 'admitted']);
    expect([admission.status, admission.isRunning, admission.isStorageLow]).toEqual(['serving', true, false]);
  });

  test('under overload refuses what is new long before what exists', () => {
    let pending = 10;
    const admission = new Admission(10, () => pending);
    expect(both(admission)).toEqual(['overloaded', 'admitted']);
    pending = 39;
    expect(both(admission)).toEqual(['overloaded', 'admitted']);
    pending = 40;
    expect(both(admission)).toEqual(['overloaded', 'overloaded']);
    pending = 0;
    expect(both(admission)).toEqual(['admitted', 'admitted']);
  });

  test('on a disk that is nearly full grants nothing new, until there is room again', () => {
    const admission = new Admission(10, () => 0);
    admission.setStorageLow(true);
    expect(both(admission)).toEqual(['storage_low', 'admitted']);
    admission.setStorageLow(false);
    expect(both(admission)).toEqual(['admitted', 'admitted']);
  });

  test('while draining grants nothing new', () => {
    const admission = new Admission(10, () => 0);
    admission.drain();
    expect(admission.status).toBe('draining');
    expect(both(admission)).toEqual(['shutting_down', 'admitted']);
  });

  test('takes nothing on once the store has failed, and never again', () => {
    const admission = new Admission(10, () => 0);
    expect(admission.stop()).toBe(true);
    expect(admission.stop()).toBe(false);
    admission.drain();
    expect([admission.status, admission.isRunning]).toEqual(['failed', false]);
    expect(both(admission)).toEqual(['store_unavailable', 'store_unavailable']);
    expect(() => admission.assertRunning()).toThrow('could not be confirmed');
  });

  test('fails also out of draining', () => {
    const admission = new Admission(10, () => 0);
    admission.drain();
    expect(admission.stop()).toBe(true);
    expect(admission.status).toBe('failed');
  });

  test('tells a client that may come back when to do so', () => {
    const admission = new Admission(0, () => 0);
    expect(() => admission.admit('new')).toThrow(expect.objectContaining({ retryAfterMs: 1_000 }));
  });
});
