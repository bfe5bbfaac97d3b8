import { parseArgs } from 'node:util';
import { describeMachine, thisMachine } from '../../../src/bench/report/machine.js';
import { cleanUpOnSignal } from '../../../src/bench/signals.js';
import { crowd } from './crowd.js';
import type { ScaleBenchmark } from './measurement.js';
import { failover } from '../failover/failover.js';
import { handoff } from './handoff.js';
import { held } from './held.js';

const BENCHMARKS: readonly ScaleBenchmark[] = [handoff, held, crowd, failover];

const USAGE = `Shows how costs grow, on servers that it starts itself.

  npm run bench:scale -- [--only names]

${BENCHMARKS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}
`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});

cleanUpOnSignal();

if (values.help) console.log(USAGE);
else {
  console.log(`${describeMachine(thisMachine())}\n`);
  const only = values.only?.split(',');
  for (const benchmark of BENCHMARKS) if (only?.includes(benchmark.name) ?? true) await show(benchmark);
}

async function show(benchmark: ScaleBenchmark): Promise<void> {
  console.log(`${benchmark.name}: ${benchmark.about}`);
  const measurements = await benchmark.run((line) => console.log(`  ... ${line}`));
  for (const { name, figure, target, isMet } of measurements) {
    const note = isMet === undefined ? '' : ` (${isMet ? 'met' : 'MISSED'}: ${target})`;
    console.log(`  ${name}: ${figure}${note}`);
  }
  console.log(`  load average: ${thisMachine().loadAverage}\n`);
}
