import { parseArgs } from 'node:util';
import { describeMachine, thisMachine } from '../../../src/bench/report/machine.js';
import { cleanUpOnSignal } from '../../../src/bench/signals.js';
import { crowd } from './crowd.js';
import type { ScaleBenchmark } from './finding.js';
import { handoff } from './handoff.js';
import { held } from './held.js';

const BENCHMARKS: readonly ScaleBenchmark[] = [handoff, held, crowd];

const USAGE = `Shows how the costs grow, on servers that it starts itself.

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
  const findings = await benchmark.run((line) => console.log(`  ... ${line}`));
  for (const { what, figure, asked, holds } of findings) {
    const verdict = holds === undefined ? '' : ` (${holds ? 'holds' : 'MISSED'}: ${asked})`;
    console.log(`  ${what}: ${figure}${verdict}`);
  }
  console.log(`  load average: ${thisMachine().loadAverage}\n`);
}
