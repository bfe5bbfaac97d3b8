import { expect, test } from 'vitest';
import { checkHistory } from '../../lab/kit/history/check-history.js';
import { History } from '../../lab/kit/history/history.js';
import type { LockRequest } from '../../lab/kit/history/operation.js';
import { Outages } from '../../lab/kit/history/outages.js';

const LOCK = 'a';

const acquire = (tag: string): LockRequest => ({
  kind: 'acquire',
  tag,
  ttlMs: 60_000,
  mayWait: false,
  session: null,
});

/** An acquire that was never answered, but granted: its lease is renewed and released, and holds the lock again after that. */
function grantedTwice(grantedLateByMs: number): History {
  const history = new History();
  history.grantedLateByMs = grantedLateByMs;
  history.lost(LOCK, acquire('x'), 0);
  history.answer(LOCK, { kind: 'renew', tag: 'x', ttlMs: 60_000 }, { kind: 'renewed', token: 1 }, 3000, 3010);
  history.answer(LOCK, { kind: 'release', tag: 'x' }, { kind: 'released' }, 3020, 3030);
  history.answer(LOCK, acquire('y'), { kind: 'conflict', tag: 'x' }, 3040, 3050);
  return history;
}

test('a standby may have sent an acquire twice, and both may be granted', () => {
  expect(checkHistory(grantedTwice(20_000), new Outages(0)).violations).toEqual([]);
});

test('a single server grants it once', () => {
  expect(checkHistory(grantedTwice(0), new Outages(0)).violations).toContainEqual(
    expect.stringContaining('a: no order explains the answers'),
  );
});
