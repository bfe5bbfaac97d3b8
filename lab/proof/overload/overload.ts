import type { Address } from '../../kit/http/connection.js';
import { pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof } from '../proof.js';
import { withServer } from '../../kit/server/built-server.js';
import { MachineNoise } from '../server/machine-noise.js';
import { Slowdown } from '../server/slowdown.js';
import { generateLoad } from './generate-load.js';
import type { LoadResult } from './load.js';
import { Nuisances } from './nuisances.js';
import { PeakMemory } from './peak-memory.js';
import { RenewingClients } from './renewing-clients.js';
import { expectQuick, FREED_MS_PROMISED, type Bounds, type Plan, type Scene } from './scene.js';

/** `small` runs on machines that may be arbitrarily busy: there, only what is wrong on any machine counts. */
const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    holders: 200,
    ttlSeconds: 12,
    capacitySeconds: 1,
    overloadSeconds: 4,
    connections: 2000,
    slowSockets: 300,
    bounds: { renewalP99: 12_000, recoveredP99: 12_000, harm: 12_000, freed: 30_000, residentMib: 1024 },
  },
  full: {
    holders: 300,
    ttlSeconds: 9,
    capacitySeconds: 10,
    overloadSeconds: 60,
    connections: 6000,
    slowSockets: 2000,
    bounds: { renewalP99: 1000, recoveredP99: 100, harm: 100, freed: FREED_MS_PROMISED, residentMib: 768 },
  },
};

const CAPACITY_CONNECTIONS = 64;
const OVERLOAD_FACTOR = 2;

/** A load that is not at least this many times what was served was not too much. */
const BITING_FACTOR = 1.3;
const MIB = 1024 * 1024;

/** How soon after the overload everything is as before, in milliseconds. */
const RECOVERY_MS = 1000;

/** More work than the server can do, and connections that only want to take up its time. */
export const overload: Proof = {
  name: 'overload',
  claim:
    'with twice the load that it can serve, or under attack, the server loses no lease of a client that renews',
  async run(context): Promise<Figures> {
    const plan = PLANS[context.budget];
    return withServer({}, async (server) => {
      const holders = new RenewingClients(server.address, plan.holders, plan.ttlSeconds);
      const machine = new MachineNoise();
      const scene = { server, holders, machine, plan, tell: context.tell };
      const nuisances = new Nuisances(scene);
      try {
        await holders.start();
        const attacked = await nuisances.appear();
        const overloaded = await tooMuchWork(scene);
        const ended = await nuisances.end();
        await holders.stop();
        return {
          ...overloaded,
          ...attacked,
          ...ended,
          'leases renewed all the while': plan.holders,
          renewals: holders.renewals,
          'renewals refused and repeated': holders.refusals,
          'leases lost': 0,
        };
      } finally {
        nuisances.close();
        await machine.stop();
      }
    });
  },
};

async function tooMuchWork({ server, holders, machine, plan, tell }: Scene): Promise<Figures> {
  const capacity = await measureCapacity(server.address, plan);
  tell(`serves ${capacity} requests a second`);
  const memory = new PeakMemory(server);
  const slowdown = new Slowdown(server.processId);
  holders.takeLatency();
  const { result, perSecond } = await offerTooMuch(server.address, capacity, plan);
  const during = holders.takeLatency();
  const slower = slowdown.take();
  const peakMib = memory.stop() / MIB;
  tell(`offered ${perSecond} a second, renewals took ${String(during)}`);
  await pause(RECOVERY_MS);
  holders.takeLatency();
  machine.take();
  await pause(RECOVERY_MS * (plan.ttlSeconds / 3));
  const after = holders.takeLatency();
  const noiseMs = machine.take().quantile(0.99);
  judgeOverload(result, peakMib, plan.bounds);
  expectQuick('under overload', during, plan.bounds.renewalP99 * slower);
  expectQuick('after an overload', after, plan.bounds.recoveredP99 * slowdown.take() + noiseMs);
  return {
    'capacity, requests/s': capacity,
    'offered, requests/s': perSecond,
    'served, requests/s': Math.round(result.servedPerSecond),
    'answers by status': JSON.stringify(result.answers),
    'refusals without Retry-After': result.refusedWithoutRetryAfter,
    'due while every connection was busy': result.notSent,
    'renewals under overload': String(during),
    'slower because others had the processors': `${slower.toFixed(1)} times`,
    'renewals one second after it': String(after),
    [`most memory, MiB (bound ${plan.bounds.residentMib})`]: Math.round(peakMib),
  };
}

/** Requests that are answered each second when every client waits for its answers; the second time, when all is warm. */
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

/** Offers twice what the server can do; more if it turns out that it can do more than was measured. */
async function offerTooMuch(
  address: Address,
  capacity: number,
  { connections, overloadSeconds: seconds }: Plan,
): Promise<{ result: LoadResult; perSecond: number }> {
  for (let perSecond = capacity * OVERLOAD_FACTOR; ; perSecond *= 2) {
    const result = await generateLoad({ address, connections, seconds, perSecond, badTokens: false });
    const isTooMuch = result.servedPerSecond < perSecond / BITING_FACTOR;
    if (isTooMuch || perSecond > capacity * OVERLOAD_FACTOR ** 3) return { result, perSecond };
  }
}

function judgeOverload(result: LoadResult, peakMib: number, { residentMib }: Bounds): void {
  if (result.refusedWithoutRetryAfter > 0)
    throw new ClaimBroken(`${result.refusedWithoutRetryAfter} refusals did not say when to try again`);
  const strange = Object.keys(result.answers).filter((status) => !['200', '503'].includes(status));
  if (strange.length > 0) throw new ClaimBroken(`answers under overload: ${JSON.stringify(result.answers)}`);
  if (peakMib > residentMib) throw new ClaimBroken(`the server took ${peakMib} MiB`);
}
