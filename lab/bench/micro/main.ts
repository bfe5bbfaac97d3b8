import { describeMachine, thisMachine } from '../../../src/bench/report/machine.js';
import { table } from '../../../src/bench/report/table.js';
import { batch } from './batch.js';
import { codec } from './codec.js';
import { law } from './law.js';
import type { MicroBenchmark } from './micro-benchmark.js';

/** Prints what the parts of a request cost, each alone and in this process: npm run bench:micro */

const BENCHMARKS: readonly MicroBenchmark[] = [law, codec, batch];

console.log(`${describeMachine(thisMachine())}\n`);
for (const { name, ...benchmark } of BENCHMARKS) {
  const timings = await benchmark.run();
  const rows = timings.map(({ what, size, nanoseconds }) => [
    what,
    size,
    (nanoseconds / 1000).toFixed(2),
    Math.round(1e9 / nanoseconds).toLocaleString('en'),
  ]);
  console.log(`${table([name, 'with', 'microseconds', 'per second'], rows)}\n`);
}
