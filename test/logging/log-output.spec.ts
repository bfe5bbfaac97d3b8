import { expect, test } from 'vitest';
import type { Descriptor } from '../../src/logging/output/descriptor.js';
import { LogOutput } from '../../src/logging/output/log-output.js';
import { ManualClock } from '../support/manual-clock.js';

const RETRY_MS = 25;

/** What a reader or a disk does with a write: accepts so many bytes, or fails with an error code. */
type Behaviour = (length: number) => number | string;

type AsyncDone = (error: Error | null, count: number) => void;

/** An output above a fake that behaves as a test says. */
class Rig {
  readonly clock = new ManualClock();
  readonly output: LogOutput;
  written = '';
  behave: Behaviour = (length) => length;
  /** Writes of the thread pool that have not finished. */
  readonly underWay: (() => void)[] = [];

  constructor(descriptor: Partial<Descriptor> = {}, lengthMax = 100) {
    const opened = { fd: 1, isNonBlocking: true, isFile: false, ...descriptor };
    const sync = (_fd: number, bytes: Buffer, offset: number): number => this.#take(bytes, offset);
    const async = (_fd: number, bytes: Buffer, offset: number, done: AsyncDone): void => {
      this.underWay.push(() => {
        try {
          done(null, this.#take(bytes, offset));
        } catch (error) {
          done(error as Error, 0);
        }
      });
    };
    this.output = new LogOutput(() => opened, this.clock, lengthMax, { sync, async });
  }

  finishWrite(): void {
    this.underWay.shift()?.();
  }

  #take(bytes: Buffer, offset: number): number {
    const result = this.behave(bytes.length - offset);
    if (typeof result === 'string') throw Object.assign(new Error(result), { code: result });
    this.written += bytes.subarray(offset, offset + result).toString();
    return result;
  }
}

const stalled: Behaviour = () => 'EAGAIN';
const full: Behaviour = () => 'ENOSPC';
const willing: Behaviour = (length) => length;

test('lines are written at once to a reader that accepts them', () => {
  const rig = new Rig();
  rig.output.write('a\n');
  rig.output.write('b\n');
  expect(rig.written).toBe('a\nb\n');
  expect(rig.clock.pendingTimers).toBe(0);
});

test('lines wait in order for a reader that stalls, even in the middle of a line', () => {
  const rig = new Rig();
  rig.behave = (length) => (rig.written === '' ? Math.min(length, 2) : 'EAGAIN');
  rig.output.write('first\n');
  rig.output.write('second\n');
  expect(rig.written).toBe('fi');
  rig.behave = willing;
  rig.clock.advance(RETRY_MS);
  expect(rig.written).toBe('first\nsecond\n');
  expect(rig.output.dropped).toBe(0);
});

test('lines without room are dropped and counted, and reported once when the reader is back', () => {
  const rig = new Rig({}, 10);
  const reports: number[] = [];
  rig.output.onRecovered = (dropped) => {
    reports.push(dropped);
    rig.output.write(`${dropped} dropped\n`);
  };
  rig.behave = stalled;
  // The first one is being written and takes no room.
  for (const line of ['held\n', '1234567\n', 'lost\n', 'x\n', 'lost\n']) rig.output.write(line);
  expect(rig.output.dropped).toBe(2);
  rig.behave = willing;
  rig.clock.advance(RETRY_MS);
  expect(rig.written).toBe('held\n1234567\nx\n2 dropped\n');
  expect(reports).toEqual([2]);
});

test.each(['ENOSPC', 'EPIPE', 'EIO'])(
  'an output that fails with %s loses its lines and nothing else',
  (code) => {
    const rig = new Rig();
    const reports: number[] = [];
    rig.output.onRecovered = (dropped) => reports.push(dropped);
    rig.behave = () => code;
    rig.output.write('a\n');
    rig.output.write('b\n');
    expect(rig.output.dropped).toBe(2);
    rig.behave = willing;
    rig.output.write('c\n');
    expect(rig.written).toBe('c\n');
    expect(reports).toEqual([2]);
  },
);

test('after half a line the next one begins on a new line', () => {
  const rig = new Rig();
  rig.behave = () => (rig.written === '' ? 3 : 'ENOSPC');
  rig.output.write('{"a":1}\n');
  rig.output.write('{"b":2}\n');
  expect(rig.output.dropped).toBe(2);
  rig.behave = willing;
  rig.output.write('{"c":3}\n');
  expect(rig.written).toBe('{"a\n{"c":3}\n');
});

test('an output that cannot be opened drops everything', () => {
  const output = new LogOutput(
    () => {
      throw new Error('EBADF');
    },
    new ManualClock(),
    100,
  );
  output.write('a\n');
  output.write('b\n');
  expect(output.dropped).toBe(2);
});

test('a file has one write at a time, and lines that arrive meanwhile are written together', () => {
  const rig = new Rig({ isNonBlocking: false, isFile: true });
  for (const line of ['a\n', 'b\n', 'c\n']) rig.output.write(line);
  expect(rig.underWay).toHaveLength(1);
  rig.finishWrite();
  expect(rig.underWay).toHaveLength(1);
  rig.finishWrite();
  expect(rig.written).toBe('a\nb\nc\n');
  expect(rig.underWay).toHaveLength(0);
});

test('a full disk that has room again gets new lines', () => {
  const rig = new Rig({ isNonBlocking: false, isFile: true });
  rig.behave = full;
  rig.output.write('a\n');
  rig.finishWrite();
  expect(rig.output.dropped).toBe(1);
  rig.behave = willing;
  rig.output.write('b\n');
  rig.finishWrite();
  expect(rig.written).toBe('b\n');
});

test('a flush ends when all is written, or after its time limit', async () => {
  const rig = new Rig();
  await rig.output.flush(500);
  rig.behave = stalled;
  rig.output.write('a\n');
  const inVain = rig.output.flush(500);
  rig.clock.advance(500);
  await inVain;
  const flushed = rig.output.flush(500);
  rig.behave = willing;
  rig.clock.advance(RETRY_MS);
  await flushed;
  expect(rig.written).toBe('a\n');
});

test('lines that wait for the disk are written when the process exits', () => {
  const rig = new Rig({ isNonBlocking: false, isFile: true });
  rig.output.write('with the thread pool\n');
  rig.output.write('waits\n');
  rig.output.flushAtExit();
  expect(rig.written).toBe('waits\n');
});
