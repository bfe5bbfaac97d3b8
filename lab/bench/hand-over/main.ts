import { parseArgs } from 'node:util';
import { Connection } from '../../kit/http/connection.js';
import type { Replica } from '../../kit/server/replica.js';
import { pause } from '../../../src/process/time.js';
import { GapMeter, type Gap } from './gap-meter.js';
import { Stage, TOKEN } from './stage.js';

const USAGE = `Measures how long clients are not served when the leader of three replicas changes.

  npm run bench:hand-over -- [--stops 20] [--kills 5] [--leases 100000] [--clients 32]
`;

const { values } = parseArgs({
  options: {
    stops: { type: 'string', default: '20' },
    kills: { type: 'string', default: '5' },
    leases: { type: 'string', default: '100000' },
    clients: { type: 'string', default: '32' },
    help: { type: 'boolean', default: false },
  },
});

/** How long clients work before and after each change. */
const SETTLE_MS = 2000;
const FILLERS = 64;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (values.help) console.log(USAGE);
else await measure();

async function measure(): Promise<void> {
  const stage = await Stage.open();
  try {
    await rounds(stage, 'SIGTERM', Number(values.stops), async (leader) => void (await leader.stop()));
    await fill(stage, Number(values.leases));
    await rounds(stage, `kill -9, ${values.leases} leases`, Number(values.kills), (leader) => leader.kill());
  } finally {
    await stage.remove();
  }
}

async function rounds(
  stage: Stage,
  what: string,
  count: number,
  end: (leader: Replica) => Promise<void>,
): Promise<void> {
  const meter = new GapMeter(() => stage.set.anyAddress(), TOKEN);
  const stop = new AbortController();
  const work = meter.work(Number(values.clients), stop.signal);
  const gaps: Gap[] = [];
  for (let round = 0; round < count; round += 1) gaps.push(await oneRound(stage, meter, end));
  stop.abort();
  await work;
  report(what, gaps);
}

async function oneRound(
  stage: Stage,
  meter: GapMeter,
  end: (leader: Replica) => Promise<void>,
): Promise<Gap> {
  const leader = await stage.leader();
  await pause(SETTLE_MS);
  meter.take();
  await end(leader);
  await stage.leader();
  await pause(SETTLE_MS);
  const gap = meter.take();
  leader.start();
  await leader.listens();
  return gap;
}

/** Leases that no one renews, and that outlive the measurement. */
async function fill({ set }: Stage, leases: number): Promise<void> {
  const numbers = Array.from({ length: leases }, (_, number) => number).values();
  await Promise.all(
    Array.from({ length: FILLERS }, async () => {
      const connection = new Connection(() => set.anyAddress(), TOKEN);
      for (const number of numbers)
        await connection.post(`/locks/filled/${number}/acquire`, {
          ttl_seconds: 3600,
          lease_id: crypto.randomUUID(),
        });
      connection.cut();
    }),
  );
}

function report(what: string, gaps: readonly Gap[]): void {
  console.log(`${what}, ${gaps.length} rounds`);
  const line = (name: string, of: (gap: Gap) => number): void => {
    const sorted = gaps.map(of).toSorted((a, b) => a - b);
    const [middle = 0, most = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
    console.log(
      `  ${name.padEnd(36)} median ${middle.toFixed(0).padStart(7)}   most ${most.toFixed(0).padStart(7)}`,
    );
  };
  line('without any good answer, ms', ({ longestMs }) => longestMs);
  line('slowest good answer, ms', ({ slowestMs }) => slowestMs);
  line('failed requests', ({ failures }) => failures);
  line('good answers', ({ answers }) => answers);
}
