import { expect, test } from 'vitest';
import { AuditTrail } from '../../src/audit/audit-trail.js';
import { Refusals } from '../../src/audit/refusals.js';
import type { JsonObject } from '../../src/journal/canonical-json.js';
import type { RowChanges } from '../../src/journal/row-changes.js';
import { ManualClock } from '../support/manual-clock.js';

function rig(): { refusals: Refusals; clock: ManualClock; recorded: JsonObject[] } {
  const clock = new ManualClock();
  const recorded: JsonObject[] = [];
  const write = (rows: RowChanges): Promise<void> => {
    recorded.push(...rows.takeUnsealed());
    return Promise.resolve();
  };
  return { refusals: new Refusals({ trail: new AuditTrail(clock), clock, write }), clock, recorded };
}

function from(address: string) {
  const origin = { actor: { kind: 'unknown' }, address, requestId: 'r', tokenId: null } as const;
  return { action: 'authentication', origin, subject: null, code: 'unauthorized' } as const;
}

test('the first refusal is recorded at once, and its repetitions are counted', () => {
  const { refusals, clock, recorded } = rig();
  for (let index = 0; index < 1_000; index += 1) refusals.add(from('192.0.2.1'));
  expect(recorded).toMatchObject([{ action: 'authentication', outcome: 'refused', code: 'unauthorized' }]);
  clock.advance(300_000);
  expect(recorded).toMatchObject([{ details: {} }, { address: '192.0.2.1', details: { repetitions: 999 } }]);
  clock.advance(600_000);
  expect(recorded).toHaveLength(2);
  refusals.add(from('192.0.2.1'));
  expect(recorded).toHaveLength(3);
});

test('however many addresses there are, the number of records is limited', () => {
  const { refusals, clock, recorded } = rig();
  for (let index = 0; index < 10_000; index += 1) refusals.add(from(`address-${index}`));
  clock.advance(300_000);
  expect(recorded).toHaveLength(51);
  expect(recorded.at(-1)).toMatchObject({
    action: 'authentication',
    address: null,
    details: { others: 9_950 },
  });
});

test('what has not been recorded is recorded at the end', async () => {
  const { refusals, recorded } = rig();
  refusals.add(from('192.0.2.1'));
  refusals.add(from('192.0.2.1'));
  await refusals.flush();
  expect(recorded.at(-1)).toMatchObject({ details: { repetitions: 1 } });
});
