import { expect, test } from 'vitest';
import { Notices, type Renewed } from '../../lab/kit/guard/notices.js';

const ASKED = { lock: 'lock', callMs: 100, returnMs: 110 };
const RENEWED: Renewed = {
  lock: 'lock',
  actor: 'a',
  grantedMs: 50,
  callMs: 120,
  returnMs: 130,
  wasAsked: false,
};

function violationsOf(renewed: Partial<Renewed>, killMs = 0): readonly string[] {
  const notices = new Notices();
  notices.serverIsKilled(killMs);
  notices.asked(ASKED);
  notices.renewed({ ...RENEWED, ...renewed });
  return notices.violations;
}

test('a holder that is not told is noticed', () => {
  expect(violationsOf({})).toEqual(['a was not told that someone asked for lock']);
});

test.each<[string, Partial<Renewed>, number?]>([
  ['it is told', { wasAsked: true }],
  ['someone asked for another lock', { lock: 'other' }],
  ['someone may have asked for the lease before', { grantedMs: 100 }],
  ['someone may ask only after the renewal', { callMs: 110 }],
  ['the server may have been killed in between', {}, 105],
])('nothing is wrong if %s', (_, renewed, killMs) => {
  expect(violationsOf(renewed, killMs)).toEqual([]);
});
