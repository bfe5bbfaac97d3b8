import { nowMs, pause } from '../../test/support/real-time.js';
import type { Address } from '../../test/support/connection.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { withServer, type BuiltServer } from '../server/built-server.js';
import type { Durations } from '../server/durations.js';
import { generateLoad } from './generate-load.js';
import type { LoadResult } from './load.js';
import { PeakMemory } from './peak-memory.js';
import { RenewingClients } from './renewing-clients.js';
import { SlowSockets } from './slow-sockets.js';

interface Plan {
  readonly holders: number;
  readonly ttlSeconds: number;
  readonly capacitySeconds: number;
  readonly overloadSeconds: number;
  readonly connections: number;
  readonly slowSockets: number;
}

const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    holders: 200,
    ttlSeconds: 6,
    capacitySeconds: 3,
    overloadSeconds: 8,
    connections: 2000,
    slowSockets: 600,
  },
  full: {
    holders: 300,
    ttlSeconds: 9,
    capacitySeconds: 10,
    overloadSeconds: 60,
    connections: 4000,
    slowSockets: 2000,
  },
};

const CAPACITY_CONNECTIONS = 64;
const OVERLOAD_FACTOR = 2;

/** A load that is not at least this many times what was served was not too much. */
const BITING_FACTOR = 1.3;
/** Memory that the server should have at most, and may have on a machine so busy that nobody collects its garbage. */
const RESIDENT_MIB = { aim: 512, tolerated: 1024 } as const;
const MIB = 1024 * 1024;

/** How soon after the overload a renewal is quick again, and how quick, in milliseconds. */
const RECOVERY = { afterMs: 1000, p99: 500 } as const;

/** What is promised of slow sockets, and what the noise of a machine that others use as well may add; in milliseconds. */
const FREED_WITHIN = { promised: 15_000, tolerated: 20_000 } as const;

/** How much slower an honest client may get while others misbehave: this factor, and this many milliseconds. */
const HARM = { factor: 3, allowanceMs: 250 } as const;

const BAD_TOKENS_PER_SECOND = 500;

/** More work than the server can do, and connections that only want to take up its time. */
export const overload: Proof = {
  name: 'overload',
  claim:
    'with twice the load that it can serve, or under attack, the server loses no lease of a client that renews',
  async run(context): Promise<Figures> {
    const plan = PLANS[context.budget];
    return withServer({}, async (server) => {
      const holders = new RenewingClients(server.address, plan.holders, plan.ttlSeconds);
      await holders.start();
      const overloaded = await tooMuchWork(server, holders, plan, context);
      const attacked = await slowAndNosy(server.address, holders, plan, context);
      await holders.stop();
      return {
        ...overloaded,
        ...attacked,
        'leases renewed all the while': plan.holders,
        renewals: holders.renewals,
        'renewals refused and repeated': holders.refusals,
        'leases lost': 0,
      };
    });
  },
};

async function tooMuchWork(
  server: BuiltServer,
  holders: RenewingClients,
  plan: Plan,
  { tell }: ProofContext,
): Promise<Figures> {
  const capacity = await measureCapacity(server.address, plan);
  tell(`serves ${capacity} requests a second`);
  const memory = new PeakMemory(server);
  holders.takeLatency();
  const { result, perSecond } = await offerTooMuch(server.address, capacity, plan);
  const during = holders.takeLatency();
  const peakMib = memory.stop() / MIB;
  tell(`offered ${perSecond} a second, renewals took ${String(during)}`);
  await pause(RECOVERY.afterMs);
  holders.takeLatency();
  await pause(RECOVERY.afterMs * 2);
  const after = holders.takeLatency();
  judgeOverload(result, peakMib, after);
  return {
    'capacity, requests/s': capacity,
    'offered, requests/s': perSecond,
    'served, requests/s': Math.round(result.servedPerSecond),
    'answers by status': JSON.stringify(result.answers),
    'due while every connection was busy': result.notSent,
    'renewals under overload': String(during),
    'renewals one second after it': String(after),
    [`most memory, MiB (aim ${RESIDENT_MIB.aim})`]: Math.round(peakMib),
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

function judgeOverload(result: LoadResult, peakMib: number, after: Durations): void {
  if (result.refusedWithoutRetryAfter > 0)
    throw new ClaimBroken(`${result.refusedWithoutRetryAfter} refusals did not say when to try again`);
  if (peakMib > RESIDENT_MIB.tolerated) throw new ClaimBroken(`the server took ${peakMib} MiB`);
  if (after.count === 0 || after.quantile(0.99) > RECOVERY.p99)
    throw new ClaimBroken(`the server did not recover: ${String(after)}`);
}

async function slowAndNosy(
  address: Address,
  holders: RenewingClients,
  { slowSockets }: Plan,
  { tell }: ProofContext,
): Promise<Figures> {
  holders.takeLatency();
  await pause(3000);
  const calm = holders.takeLatency();
  const sockets = new SlowSockets();
  const startedMs = nowMs();
  await sockets.start(address, slowSockets);
  await pause(4000);
  const withSlow = holders.takeLatency();
  const held = sockets.open;
  const connections = 32;
  const nosy = await generateLoad({
    address,
    connections,
    seconds: 4,
    perSecond: BAD_TOKENS_PER_SECOND,
    badTokens: true,
  });
  const withNosy = holders.takeLatency();
  tell(`${held} slow sockets and ${nosy.answers['401'] ?? 0} bad tokens`);
  await sockets.ended(FREED_WITHIN.tolerated - (nowMs() - startedMs));
  const left = sockets.open;
  sockets.close();
  if (left > 0)
    throw new ClaimBroken(`${left} slow sockets were still open after ${FREED_WITHIN.tolerated} ms`);
  for (const latency of [withSlow, withNosy]) expectNoHarm(calm, latency);
  return {
    'slow sockets': slowSockets,
    [`freed after, ms (${FREED_WITHIN.promised} promised)`]: Math.round(sockets.lifetimes.max),
    'bad tokens': nosy.answers['401'] ?? 0,
    'renewals before': String(calm),
    'renewals beside slow sockets': String(withSlow),
    'renewals beside those and bad tokens': String(withNosy),
  };
}

function expectNoHarm(calm: Durations, troubled: Durations): void {
  const boundMs = calm.quantile(0.99) * HARM.factor + HARM.allowanceMs;
  if (troubled.quantile(0.99) > boundMs)
    throw new ClaimBroken(`honest clients are harmed: ${String(troubled)}, before ${String(calm)}`);
}
