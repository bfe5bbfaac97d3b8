import { expect, onTestFinished, test } from 'vitest';
import type { AuditHead } from '../../../src/audit/audit-record.js';
import { SystemClock } from '../../../src/clock/system-clock.js';
import type { Journal } from '../../../src/journal/journal.js';
import { sharedDatabaseAt } from '../../../src/journal/shared-database-at.js';
import { TIMING } from '../../../src/journal/postgres/term/timing.js';
import { LockStore } from '../../../src/store/lock-store.js';
import { linesOf, recordAll, verify } from '../../audit/audit-fixture.js';
import { ManualClock } from '../../support/manual-clock.js';
import { look } from '../../support/postgres/looking.js';
import type { TestDatabase } from '../../support/postgres/test-database.js';
import { connectTo, testDatabase } from '../../support/postgres/test-journal.js';
import { describeWithCluster } from '../../support/postgres/with-cluster.js';
import { STORE_OPTIONS } from '../../support/store.js';

/** A server on the database. Its time stands still, so it says nothing on its own. */
interface Server {
  readonly clock: ManualClock;
  readonly journal: Journal;
  lead(): Promise<LockStore>;
}

async function serverOn(database: TestDatabase): Promise<Server> {
  const clock = new ManualClock();
  const journal = await connectTo(database.location(), clock);
  const lead = async (): Promise<LockStore> => {
    const store = await LockStore.lead(journal, clock, STORE_OPTIONS);
    onTestFinished(() => store.close());
    return store;
  };
  return { clock, journal, lead };
}

/** What the records say was done. */
async function actsIn(journal: Journal): Promise<string[]> {
  const lines = await linesOf(journal);
  expect(verify(lines).flaw).toBeNull();
  return lines.map((line) => {
    const { action, subject } = JSON.parse(line) as { action: string; subject: { id: string } };
    return action === 'token.create' ? subject.id : action;
  });
}

async function verifyWith(journal: Journal, head: AuditHead): Promise<string | null> {
  return verify(await linesOf(journal), head).flaw?.sentence ?? null;
}

/** As if a standby had been promoted, and no commit had waited for it. */
const PROMOTED = 'update server set timeline = timeline - 1';

const LAST_IS_LOST = 'delete from audit_records where number = (select max(number) from audit_records)';

await describeWithCluster('the audit of several servers', (cluster) => {
  test('stays one chain when one takes over from another that has fallen silent', async () => {
    const database = await testDatabase(cluster);
    const [first, second] = [await serverOn(database), await serverOn(database)];
    const former = await first.lead();
    await recordAll(former, ['a', 'b']);
    const led = second.lead();
    for (let looks = 0; looks < TIMING.leaseMs / TIMING.observeEveryMs; looks += 1) await look(second.clock);
    const next = await led;
    await recordAll(next, ['c']);
    await expect(recordAll(former, ['too late'])).rejects.toThrow();
    await recordAll(next, ['d']);
    expect(await actsIn(second.journal)).toEqual(['a', 'b', 'c', 'd']);
    expect(await verifyWith(second.journal, former.auditHead)).toBeNull();
    expect(former.auditHead.number).toBe(2);
  });

  test('says where it goes on when a standby took over that lacks the last record', async () => {
    const database = await testDatabase(cluster);
    const server = await serverOn(database);
    const before = await server.lead();
    await recordAll(before, ['a']);
    const kept = before.auditHead;
    await recordAll(before, ['lost']);
    await database.query(LAST_IS_LOST);
    await database.query(PROMOTED);
    await expect(recordAll(before, ['refused'])).rejects.toThrow();
    await recordAll(await server.lead(), ['b']);
    expect(await actsIn(server.journal)).toEqual(['a', 'database.jump', 'b']);
    expect(await verifyWith(server.journal, kept)).toBeNull();
    expect(await verifyWith(server.journal, before.auditHead)).toMatch(
      /^Record 2 is not the one of the given head\. Record 2 says that the database goes on from an earlier state, with record 1\./,
    );
  });

  test('says where it goes on after a restore', async () => {
    const database = await testDatabase(cluster);
    const server = await serverOn(database);
    const before = await server.lead();
    await recordAll(before, ['a', 'lost']);
    await before.close();
    await server.journal.close();
    await database.query(LAST_IS_LOST);
    await sharedDatabaseAt(database.location()).declareRestored(new SystemClock());
    const next = await serverOn(database);
    await recordAll(await next.lead(), ['b']);
    expect(await actsIn(next.journal)).toEqual(['a', 'database.jump', 'b']);
    expect(await verifyWith(next.journal, before.auditHead)).toContain('goes on from an earlier state');
  });
});
