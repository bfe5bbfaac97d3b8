import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { nowMs } from '../../../src/process/time.js';
import type { FastClock } from './fast-clock.js';

const TIMER_MS = 1000;

/** For each line, prints its clocks after a timer has fired, in milliseconds since it was set. */
const PROGRAM = `
  const clocks = () => [Number(process.hrtime.bigint()) / 1e6, performance.now()];
  process.stdin.on('data', () => {
    const before = clocks();
    setTimeout(() => console.log(JSON.stringify(clocks().map((now, clock) => now - before[clock]))), ${TIMER_MS});
  });
`;

/** On a busy machine a measurement can only be too low, so one good measurement is enough. */
const TRIES = 10;

/** The part of the difference between the two rates that a measurement must show. */
const SHOWN = 0.6;

/**
 * Throws unless the monotonic clocks and timers of a process with this environment run fast. Without this, a proof could not know
 * whether it has tried that.
 */
export async function expectFast({ environment, rate }: FastClock): Promise<void> {
  const leastRate = 1 + (rate - 1) * SHOWN;
  const child = spawn(process.execPath, ['-e', PROGRAM], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    let measured = 0;
    for (let tries = 0; tries < TRIES && measured < leastRate; tries += 1)
      measured = Math.max(measured, await measure(child));
    if (measured < leastRate)
      throw new Error(
        `clocks should run at ${rate}, and run at ${measured.toFixed(3)}: libfaketime does not work`,
      );
  } finally {
    child.kill('SIGKILL');
  }
}

/** A rate that all clocks and timers of the process reach at least. */
async function measure({ stdin, stdout }: ChildProcessByStdio<Writable, Readable, null>): Promise<number> {
  const lines = createInterface({ input: stdout });
  const beforeMs = nowMs();
  stdin.write('\n');
  for await (const line of lines) {
    const trueMs = nowMs() - beforeMs;
    return Math.min(TIMER_MS, ...(JSON.parse(line) as number[])) / trueMs;
  }
  throw new Error('the process whose clocks should run fast has ended');
}
