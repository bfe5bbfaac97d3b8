import { expect, test } from 'vitest';
import type { ReportedEvent } from '../../src/core/model/event.js';
import { toLogged } from '../../src/store/log/to-logged.js';
import { Timeline } from '../../src/store/timeline.js';
import { ManualClock } from '../support/manual-clock.js';

test('an event of no known type is an error, which the compiler rules out', () => {
  const timeline = new Timeline(new ManualClock(), {
    bootId: null,
    monotonicOffset: 0,
    wallSkew: 0,
    lastInstant: 0,
  });
  const nonsense = { type: 'nonsense', at: timeline.now() } as unknown;
  expect(() => toLogged(nonsense as ReportedEvent, timeline)).toThrow('unexpected type of event: nonsense');
});
