import { expect, test } from 'vitest';
import { State } from '../../src/core/state/state.js';
import { instant, sessionId, user } from '../support/law.js';

const NOW = instant(0);

test('a user that the state does not know has nothing', () => {
  const state = new State();
  const ann = user('ann');
  expect(state.liveLockCountOf(ann, NOW)).toBe(0);
  expect(state.liveSessionCountOf(ann, NOW)).toBe(0);
  expect(state.oldestRememberedSessionOf(ann)).toBeNull();
});

test('a session that the state does not know has nothing', () => {
  const state = new State();
  expect(state.leasesOfSession(sessionId('s'))).toEqual([]);
  expect(state.ticketsOfSession(sessionId('s'))).toEqual([]);
});
