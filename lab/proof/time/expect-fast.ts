import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { nowMs } from '../../../src/process/time.js';
import type { FastClock } from './fast-clock.js';

/** Takes numbers of milliseconds. After a timer of that length, prints how far its clocks have moved since it was set. */
const PROGRAM = `
  const clocks = () => [Number(process.hrtime.bigint()) / 1e6, performance.now()];
  process.stdin.on('data', (data) => {
    const before = clocks();
    const moved = () => clocks().map((now, clock) => now - before[clock]);
    setTimeout(() => process.stdout.write(JSON.stringify(moved())), Number(data));
  });
`;

/** On a busy machine a measurement can only be too low, and the shorter the lower. So one good measurement is enough. */
const LENGTHS_MS = [1000, 2000, 4000, 8000, 16_000];

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
    child.stdout.setEncoding('utf8');
    let measured = 0;
    for (const lengthMs of LENGTHS_MS) {
      measured = await measure(child, lengthMs);
      if (measured >= leastRate) return;
    }
    throw new Error(
      `clocks should run at ${rate}, and run at ${measured.toFixed(3)}: libfaketime does not work`,
    );
  } finally {
    child.kill('SIGKILL');
  }
}

/** A rate that all clocks and timers of the process reach at least. */
async function measure(
  { stdin, stdout }: ChildProcessByStdio<Writable, Readable, null>,
  lengthMs: number,
): Promise<number> {
  const answered = once(stdout, 'data');
  const beforeMs = nowMs();
  stdin.write(String(lengthMs));
  const [moved] = (await answered) as [string];
  return Math.min(lengthMs, ...(JSON.parse(moved) as number[])) / (nowMs() - beforeMs);
}
