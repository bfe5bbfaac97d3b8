import { describe, expect, test, vi } from 'vitest';
import type { Change } from '../../src/core/model/change.js';
import type { Command } from '../../src/core/model/command.js';
import type { Demand } from '../../src/core/model/demand.js';
import { fits } from '../../src/core/rules/fit.js';
import type { DueRecord } from '../../src/core/state/records.js';
import { State } from '../../src/core/state/state.js';
import { instant, Law, lock } from '../support/law.js';

const nonsense = { kind: 'nonsense', deadline: instant(0) } as unknown;

describe('what the compiler rules out is an error, not silence:', () => {
  test('a command of no known kind', () => {
    expect(() => new Law().do(nonsense as Command)).toThrow('unexpected command: {"kind":"nonsense"');
  });

  test('a change of no known kind', () => {
    expect(() => new State().apply(nonsense as Change)).toThrow('unexpected change: {"kind":"nonsense"');
  });

  test('a demand of no known mode', () => {
    const law = new Law();
    law.grant('a');
    const place = law.state.lock(lock('a'));
    expect(() => place && fits(place, nonsense as Demand)).toThrow('unexpected demand: {"kind":"nonsense"');
  });

  test('a deadline of no known kind', () => {
    const law = new Law();
    vi.spyOn(law.state, 'earliestDue').mockReturnValue(nonsense as DueRecord);
    expect(() => law.sweep()).toThrow('unexpected deadline: {"kind":"nonsense"');
  });
});
