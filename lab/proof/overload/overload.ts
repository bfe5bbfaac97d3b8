import type { Address } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof } from '../proof.js';
import { withServer } from '../../kit/server/built-server.js';
import { MachineNoise } from '../server/machine-noise.js';
import { Slowdown } from '../server/slowdown.js';
import { generateLoad } from './generate-load.js';
import type { LoadResult } from './load.js';
import { BadClients } from './bad-clients.js';
import { PeakMemory } from './peak-memory.js';
import { RenewingClients } from './renewing-clients.js';
import {
  expectFast,
  FREED_MS_PROMISED,
  type Limits,
  type Plan,
  type OverloadContext,
} from './overload-context.js';

/** `small` runs on machines of any speed, so its limits only catch what is wrong on every machine. */
const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    holders: 200,
    ttlSeconds: 12,
    capacitySeconds: 1,
    overloadSeconds: 4,
    connections: 2000,
    slowSockets: 300,
    limits: { renewalP99: 12_000, recoveredP99: 12_000, harm: 12_000, freed: 30_000, residentMib: 1024 },
  },
  full: {
    holders: 300,
    ttlSeconds: 9,
    capacitySeconds: 10,
    overloadSeconds: 60,
    connections: 6000,
    slowSockets: 2000,
    limits: { renewalP99: 1000, recoveredP99: 100, harm: 100, freed: FREED_MS_PROMISED, residentMib: 768 },
  },
};

const CAPACITY_CONNECTIONS = 64;
const OVERLOAD_FACTOR = 2;

/** A load counts as an overload if it is at least this many times what was served. */
const OVERLOADED_FACTOR = 1.3;
const MIB = 1024 * 1024;

/** How soon the server must recover after the overload, in milliseconds. */
const RECOVERY_MS = 1000;

/** Overloads the server, and connects clients that only use up its time. */
export const overload: Proof = {
  name: 'overload',
  claim:
    'With twice the load that it can serve, or under attack, the server loses no lease of a client that renews.',
  async run({ budget, reportProgress }): Promise<Figures> {
    const plan = PLANS[budget];
    return withServer({}, async (server) => {
      const holders = new RenewingClients(server.address, plan.holders, plan.ttlSeconds);
      const machine = new MachineNoise();
      const context = { server, holders, machine, plan, reportProgress };
      const badClients = new BadClients(context);
      try {
        await holders.start();
        const attacked = await badClients.start();
        const overloaded = await overloadServer(context);
        const ended = await badClients.end();
        await holders.stop();
        return {
          ...overloaded,
          ...attacked,
          ...ended,
          'leases renewed throughout': plan.holders,
          renewals: holders.renewals,
          'renewals refused and repeated': holders.refusals,
          'leases lost': 0,
        };
      } finally {
        badClients.close();
        await machine.stop();
      }
    });
  },
};

async function overloadServer({
  server,
  holders,
  machine,
  plan,
  reportProgress,
}: OverloadContext): Promise<Figures> {
  const capacity = await measureCapacity(server.address, plan);
  reportProgress(`capacity: ${capacity} requests per second`);
  const memory = new PeakMemory(server);
  const slowdown = new Slowdown(server.processId);
  holders.takeLatency();
  const { result, perSecond } = await offerOverload(server.address, capacity, plan);
  const during = holders.takeLatency();
  const slowdownDuring = slowdown.take();
  const peakMib = memory.stop() / MIB;
  reportProgress(`offered ${perSecond} per second, renewals took ${String(during)}`);
  await pause(RECOVERY_MS);
  holders.takeLatency();
  machine.take();
  await pause(RECOVERY_MS * (plan.ttlSeconds / 3));
  const after = holders.takeLatency();
  const noiseMs = machine.take().quantile(0.99);
  checkOverload(result, peakMib, plan.limits);
  expectFast('under overload', during, plan.limits.renewalP99 * slowdownDuring);
  expectFast('after an overload', after, plan.limits.recoveredP99 * slowdown.take() + noiseMs);
  return {
    'capacity, requests/s': capacity,
    'offered, requests/s': perSecond,
    'served, requests/s': Math.round(result.servedPerSecond),
    'answers by status': JSON.stringify(result.answers),
    'refusals without Retry-After': result.refusedWithoutRetryAfter,
    'skipped because every connection was busy': result.notSent,
    'renewals under overload': String(during),
    'slowdown because other processes used the processors': `${slowdownDuring.toFixed(1)} times`,
    'renewals one second later': String(after),
    [`peak memory, MiB (limit ${plan.limits.residentMib})`]: Math.round(peakMib),
  };
}

/** Requests per second when every client waits for its answers. The first run is a warm-up. */
async function measureCapacity(address: Address, { capacitySeconds }: Plan): Promise<number> {
  const task = {
    address,
    connections: CAPACITY_CONNECTIONS,
    seconds: capacitySeconds,
    perSecond: null,
    badTokens: false,
  };
  await generateLoad(task);
  const { servedPerSecond } = await generateLoad(task);
  return Math.round(servedPerSecond);
}

/** Offers twice the measured capacity, or more if the server can serve more than was measured. */
async function offerOverload(
  address: Address,
  capacity: number,
  { connections, overloadSeconds: seconds }: Plan,
): Promise<{ result: LoadResult; perSecond: number }> {
  for (let perSecond = capacity * OVERLOAD_FACTOR; ; perSecond *= 2) {
    const result = await generateLoad({ address, connections, seconds, perSecond, badTokens: false });
    const isOverload = result.servedPerSecond < perSecond / OVERLOADED_FACTOR;
    if (isOverload || perSecond > capacity * OVERLOAD_FACTOR ** 3) return { result, perSecond };
  }
}

function checkOverload(result: LoadResult, peakMib: number, { residentMib }: Limits): void {
  if (result.refusedWithoutRetryAfter > 0)
    throw new ClaimBroken(`${result.refusedWithoutRetryAfter} refusals had no Retry-After`);
  const unexpected = Object.keys(result.answers).filter((status) => !['200', '503'].includes(status));
  if (unexpected.length > 0)
    throw new ClaimBroken(`unexpected answers under overload: ${JSON.stringify(result.answers)}`);
  if (peakMib > residentMib) throw new ClaimBroken(`the server used ${peakMib} MiB`);
}
