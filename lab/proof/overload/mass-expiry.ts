import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { withServer, type BuiltServer } from '../../kit/server/built-server.js';
import type { Durations } from '../server/durations.js';
import { MachineNoise } from '../server/machine-noise.js';
import { Slowdown } from '../server/slowdown.js';
import { EVENT_RECEIVER_SETTINGS, EventReceivers } from './event-receivers.js';
import { MassLeases } from './mass-leases.js';
import { RenewingClients } from './renewing-clients.js';

interface Plan {
  readonly leases: number;
  readonly renewing: { readonly clients: number; readonly ttlSeconds: number };
  /** Limits in milliseconds: how long after the last expiry all leases are gone, and how long renewals take meanwhile. */
  readonly limits: { readonly gone: number; readonly renewalP99: number };
}

const PROMISED = { gone: 5000, renewalP99: 100 } as const;

/** `small` runs on machines of any speed, so its limits only catch what is wrong on every machine. */
const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    leases: 5_000,
    renewing: { clients: 400, ttlSeconds: 9 },
    limits: { gone: 60_000, renewalP99: 9000 },
  },
  full: { leases: 100_000, renewing: { clients: 300, ttlSeconds: 3 }, limits: PROMISED },
};

/** How long to measure renewals before the leases expire. */
const BASELINE_MS = 3000;

interface Measured {
  readonly renewals: Durations;
  /** Delays that come from the machine, not from the server. */
  readonly noise: Durations;
  /** The factor by which other processes slowed the server down. */
  readonly slowdown: number;
}

/** Very many leases that expire at once must be gone soon, without delaying other clients. */
export const massExpiry: Proof = {
  name: 'mass-expiry',
  claim:
    'Very many leases that expire within one second are gone within 5 s, none of them early. Renewals stay fast meanwhile.',
  async run(context): Promise<Figures> {
    return withServer(EVENT_RECEIVER_SETTINGS, async (server) => {
      const noise = new MachineNoise();
      try {
        return await expireAll(server, noise, context);
      } finally {
        await noise.stop();
      }
    });
  },
};

async function expireAll(
  { address, processId }: BuiltServer,
  noise: MachineNoise,
  { budget, reportProgress }: ProofContext,
): Promise<Figures> {
  const { leases, renewing, limits } = PLANS[budget];
  const mass = await MassLeases.acquire(address, leases);
  const receivers = await EventReceivers.start(address);
  const others = new RenewingClients(address, renewing.clients, renewing.ttlSeconds);
  await others.start();
  reportProgress(`${leases} leases will expire in ${((mass.endMs - nowMs()) / 1000).toFixed(1)} s`);
  const slowdown = new Slowdown(processId);
  const take = (): Measured => ({
    renewals: others.takeLatency(),
    noise: noise.take(),
    slowdown: slowdown.take(),
  });
  await pause(mass.endMs - nowMs() - 1000 - BASELINE_MS);
  take();
  await mass.expectNoneEarly(renewing.clients);
  const baseline = take();
  const goneMs = await mass.waitUntilGone(renewing.clients);
  const busy = take();
  receivers.stop();
  await others.stop();
  check(goneMs, busy, limits);
  return {
    'leases that expired within one second': leases,
    'ended early': 0,
    [`all gone, ms after the last expiry (limit ${PROMISED.gone})`]: Math.round(goneMs),
    [`renewals meanwhile (p99 limit ${PROMISED.renewalP99} ms)`]: withCount(busy.renewals),
    'renewals before': withCount(baseline.renewals),
    'delay from the machine': String(busy.noise),
    'slowdown because other processes used the processors': `${busy.slowdown.toFixed(1)} times`,
    'bytes sent to a watch of all locks': receivers.received,
  };
}

/** Allows for a busy machine, which makes every server slow. */
function check(goneMs: number, { renewals, noise, slowdown }: Measured, limits: Plan['limits']): void {
  if (goneMs > limits.gone * slowdown)
    throw new ClaimBroken(`the leases were gone only ${goneMs} ms after the last of them expired`);
  if (renewals.count === 0) throw new ClaimBroken('no renewal succeeded while leases expired');
  if (renewals.quantile(0.99) > limits.renewalP99 * slowdown + noise.quantile(0.99))
    throw new ClaimBroken(
      `renewals were slow while leases expired: ${String(renewals)}; delay from the machine: ${String(noise)}; ` +
        `other processes slowed the server down by a factor of ${slowdown.toFixed(1)}`,
    );
}

function withCount(durations: Durations): string {
  return `${durations.count}: ${String(durations)}`;
}
