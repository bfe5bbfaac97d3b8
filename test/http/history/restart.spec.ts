import { expect, onTestFinished, test } from 'vitest';
import { Client } from '../../../lab/kit/http/client.js';
import { ManualClock } from '../../support/manual-clock.js';
import { newDatabase } from '../../support/new-database.js';
import { ALICE, startServerOn } from '../../support/server.js';
import { testFolder } from '../../support/temp-folder.js';

test('the history is read from the log at a start, and goes on from there', async () => {
  const database = await newDatabase(testFolder());
  onTestFinished(() => database.remove());
  const clock = new ManualClock();
  const first = await startServerOn(database, {}, clock);
  const acquired = await new Client(first.url, ALICE).post('/locks/a/acquire', { ttl_seconds: 60 });
  const { lease_id } = acquired.body;
  // More than one page of the log.
  for (let turn = 0; turn < 450; turn += 1) {
    clock.advance(10);
    await new Client(first.url, ALICE).post('/locks/a/renew', { lease_id, ttl_seconds: 60 });
  }
  await first.close();

  const second = await startServerOn(database, {}, clock);
  onTestFinished(() => second.close());
  const alice = new Client(second.url, ALICE);
  await alice.post('/locks/a/renew', { lease_id, ttl_seconds: 60 });
  await alice.post('/locks/a/release', { lease_id });
  const { leases } = (await alice.get('/history/a')).body as { leases: Record<string, unknown>[] };
  expect(leases).toMatchObject([{ how: 'released', renewals: 451 }]);
  // A take-over may cost the timeline some milliseconds.
  expect(leases[0]?.['least_margin_ms']).toBeGreaterThan(59_000);
  expect(leases[0]?.['least_margin_ms']).toBeLessThanOrEqual(59_990);
});
