import type { IncomingMessage, ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import { afterEach, expect, test, vi } from 'vitest';
import { RequestLog } from '../../src/logging/request-log.js';
import { PassingOn } from '../../src/tracing/passing-on.js';
import { ManualClock } from '../support/manual-clock.js';

const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
const debug = vi.spyOn(Logger.prototype, 'debug').mockImplementation(() => undefined);

afterEach(() => {
  warn.mockClear();
  debug.mockClear();
});

const context = { requestId: 'r', startedAtMs: 0 };

function answered(log: RequestLog, statusCode: number): void {
  const response = { headersSent: true, statusCode, writableFinished: true } as ServerResponse;
  log.requestDone({ method: 'GET', headers: {} } as IncomingMessage, response, context, 1);
}

test('failures with one status within a second share two lines', () => {
  const clock = new ManualClock();
  const log = new RequestLog(clock, false, new PassingOn());
  for (let count = 0; count < 1000; count += 1) answered(log, 503);
  answered(log, 500);
  answered(log, 200);
  expect(warn.mock.calls.map(([line]) => line)).toMatchObject([{ status: 503 }, { status: 500 }]);
  clock.advance(1_000);
  expect(warn).toHaveBeenCalledTimes(3);
  expect(warn).toHaveBeenLastCalledWith(
    expect.objectContaining({ message: 'More requests failed', byStatus: { 503: 999 } }),
  );
  clock.advance(10_000);
  expect(warn).toHaveBeenCalledTimes(3);
});

test('a single failure has one line each time', () => {
  const clock = new ManualClock();
  const log = new RequestLog(clock, false, new PassingOn());
  for (let count = 0; count < 3; count += 1) {
    answered(log, 502);
    clock.advance(1_000);
  }
  expect(warn.mock.calls.map(([line]) => line)).toMatchObject(
    Array.from({ length: 3 }, () => ({ status: 502 })),
  );
});

test('at level debug each request has a line', () => {
  const log = new RequestLog(new ManualClock(), true, new PassingOn());
  for (const status of [200, 503, 503, 404]) answered(log, status);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(debug).toHaveBeenCalledTimes(3);
});
