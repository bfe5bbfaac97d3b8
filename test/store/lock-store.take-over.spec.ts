import { describe, expect, test } from 'vitest';
import type { Lease } from '../../src/core/model/lease.js';
import type { LeadOptions } from '../../src/journal/journal.js';
import type { ServerRow } from '../../src/journal/rows/server-row.js';
import type { Succession } from '../../src/journal/succession.js';
import { LockStore } from '../../src/store/lock-store.js';
import { openJournalAt } from '../support/journal.js';
import { lock } from '../support/law.js';
import { STORE_OPTIONS, SteeredJournal, StoreRig } from '../support/store.js';

const GRACE_MS = STORE_OPTIONS.restartGraceSeconds * 1_000;

/** What a leader leaves that the file of SQLite does not keep, since no one can take it over. */
interface Left {
  lineOffsetMs: number;
  graces: string | null;
}

/** A database that a process on another machine has led before. */
class TakenOver extends SteeredJournal {
  left: Left = { lineOffsetMs: 0, graces: null };

  override get succession(): Succession {
    return { kind: 'take_over', lineOffsetMs: this.left.lineOffsetMs };
  }

  override async lead(): Promise<ServerRow> {
    return { ...(await super.lead()), graces: this.left.graces };
  }
}

/** A database that another process leads and does not give up. */
class LedElsewhere extends SteeredJournal {
  override async lead({ signal }: LeadOptions = {}): Promise<ServerRow> {
    if (signal === undefined) throw new Error('nothing can end this wait');
    return await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  }
}

/** A leader has granted `a` for 20 seconds. No other commit followed before it crashed. */
async function leaderThatGranted(): Promise<{ rig: StoreRig; left: Left }> {
  const rig = await StoreRig.open();
  await rig.grant('a', { ttl: 20 });
  const lineOffsetMs = Math.ceil(rig.store.now() - rig.clock.monotonicMs());
  await rig.close();
  return { rig, left: { lineOffsetMs, graces: null } };
}

/** Another process takes over after this many milliseconds, and crashes. Returns when, and the lease that then held `a`. */
async function takeOver(
  { rig, left }: Awaited<ReturnType<typeof leaderThatGranted>>,
  afterMs: number,
): Promise<{ now: number; lease: Lease | null }> {
  rig.clock.advance(afterMs);
  const journal = new TakenOver(await openJournalAt(rig.path));
  journal.left = left;
  try {
    const store = await LockStore.lead(journal, rig.clock, STORE_OPTIONS);
    left.graces = journal.batches.at(-1)?.watermarks.graces ?? null;
    return store.peek((state, now) => ({ now, lease: state.firstLiveLease(lock('a'), now) }));
  } finally {
    await journal.close();
  }
}

describe('a lease that was alive at the last commit and ended before the next term began', () => {
  test('has ended after a restart', async () => {
    const { rig } = await leaderThatGranted();
    rig.clock.advance(20_001);
    await rig.start();
    expect(await rig.holding('a')).toBeNull();
  });

  test('can still be renewed after a take-over', async () => {
    const { now, lease } = await takeOver(await leaderThatGranted(), 20_001);
    expect(lease?.deadline).toBe(now + GRACE_MS);
  });

  test('is not extended further by leaders that crash one after another', async () => {
    const crashed = await leaderThatGranted();
    const first = await takeOver(crashed, 20_001);
    const second = await takeOver(crashed, GRACE_MS / 2);
    expect(second.lease?.deadline).toBe(first.now + GRACE_MS);
    expect((await takeOver(crashed, GRACE_MS / 2 + 1)).lease).toBeNull();
  });
});

test('a start that waits for another leader ends when it is aborted', async () => {
  const rig = await StoreRig.open();
  const journal = new LedElsewhere(rig.journal);
  const stop = new AbortController();
  const started = LockStore.lead(journal, rig.clock, STORE_OPTIONS, stop.signal);
  stop.abort(new Error('stopping'));
  await expect(started).rejects.toThrow('stopping');
});
