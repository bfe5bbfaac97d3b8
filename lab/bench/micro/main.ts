import { describeMachine, thisMachine } from '../../../src/bench/report/machine.js';
import { table } from '../../../src/bench/report/table.js';
import { access } from './access.js';
import { batch } from './batch.js';
import { codec } from './codec.js';
import { core } from './core.js';
import { manyHolders } from './many-holders.js';
import type { MicroBenchmark } from './micro-benchmark.js';

/** Measures the parts of a request, each alone and in this process: npm run bench:micro */

const BENCHMARKS: readonly MicroBenchmark[] = [core, manyHolders, access, codec, batch];

console.log(`${describeMachine(thisMachine())}\n`);
for (const { name, ...benchmark } of BENCHMARKS) {
  const timings = await benchmark.run();
  const rows = timings.map(({ operation, size, nanoseconds }) => [
    operation,
    size,
    (nanoseconds / 1000).toFixed(2),
    Math.round(1e9 / nanoseconds).toLocaleString('en'),
  ]);
  console.log(`${table([name, 'size', 'microseconds', 'per second'], rows)}\n`);
}
