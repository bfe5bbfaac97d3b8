import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AuthFailureReport } from '../../src/auth/auth-failure-report.js';
import { ManualClock } from '../support/manual-clock.js';

let clock: ManualClock;
let report: AuthFailureReport;
const lines: unknown[] = [];

beforeEach(() => {
  lines.length = 0;
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(line));
  clock = new ManualClock();
  report = new AuthFailureReport(clock);
});

afterEach(() => void vi.restoreAllMocks());

function fail(times: number, client = '192.0.2.1', isSlowedDown = false): void {
  for (let count = 0; count < times; count += 1) report.add({ kind: 'token', client, isSlowedDown });
}

test('three thousand failures become one log line after a minute', () => {
  fail(2_000);
  clock.advance(30_000);
  fail(1_000, '192.0.2.2', true);
  report.add({ kind: 'admin_key', client: '192.0.2.3', isSlowedDown: false });
  expect(lines).toEqual([]);
  clock.advance(30_000);
  expect(lines).toEqual([
    {
      message: 'Refused requests with an invalid token or key',
      failures: 3_001,
      withAdminKey: 1,
      inExchanges: 0,
      slowedDown: 1_000,
      addresses: 3,
      mostFrom: '192.0.2.1',
    },
  ]);
});

test('each minute starts from zero, and a minute without failures logs nothing', () => {
  fail(2);
  clock.advance(600_000);
  fail(1);
  clock.advance(60_000);
  expect(lines).toMatchObject([{ failures: 2 }, { failures: 1, addresses: 1 }]);
  expect(clock.pendingTimers).toBe(0);
});

test('failures that are not logged yet are logged once at a stop', () => {
  fail(1);
  report.report();
  report.report();
  clock.advance(60_000);
  expect(lines).toHaveLength(1);
});

test('addresses are remembered up to a limit', () => {
  for (let client = 0; client < 12_000; client += 1) fail(1, `client-${client}`);
  report.report();
  expect(lines).toMatchObject([{ failures: 12_000, addresses: 10_000 }]);
});
