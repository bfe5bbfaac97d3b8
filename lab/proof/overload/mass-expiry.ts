import { nowMs, pause } from '../../../src/process/time.js';
import { ClaimBroken, type Budget, type Figures, type Proof, type ProofContext } from '../proof.js';
import { withServer, type BuiltServer } from '../../kit/server/built-server.js';
import type { Durations } from '../server/durations.js';
import { MachineNoise } from '../server/machine-noise.js';
import { Slowdown } from '../server/slowdown.js';
import { AUDIENCE_SETTINGS, EventAudience } from './event-audience.js';
import { MassLeases } from './mass-leases.js';
import { RenewingClients } from './renewing-clients.js';

interface Plan {
  readonly leases: number;
  readonly renewing: { readonly clients: number; readonly ttlSeconds: number };
  /** How soon after the end of the last lease all are gone, and how long renewals take meanwhile; in milliseconds. */
  readonly bounds: { readonly gone: number; readonly renewalP99: number };
}

const PROMISED = { gone: 5000, renewalP99: 100 } as const;

/** `small` runs on machines that may be arbitrarily busy: there, only what is wrong on any machine counts. */
const PLANS: Readonly<Record<Budget, Plan>> = {
  small: {
    leases: 5_000,
    renewing: { clients: 400, ttlSeconds: 9 },
    bounds: { gone: 60_000, renewalP99: 9000 },
  },
  full: { leases: 100_000, renewing: { clients: 300, ttlSeconds: 3 }, bounds: PROMISED },
};

/** How long is measured how quick renewals are while nothing expires. */
const CALM_MS = 3000;

interface Measured {
  readonly renewals: Durations;
  /** What the machine adds to everything, whatever the server does. */
  readonly noise: Durations;
  /** How many times longer the server took because others had the processors. */
  readonly slowdown: number;
}

/** Very many leases that end at once are ended soon, and nobody else is made to wait for it. */
export const massExpiry: Proof = {
  name: 'mass-expiry',
  claim:
    'very many leases that expire within one second are gone within 5 s, none of them early, and renewals stay quick meanwhile',
  async run(context): Promise<Figures> {
    return withServer(AUDIENCE_SETTINGS, async (server) => {
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
  { budget, tell }: ProofContext,
): Promise<Figures> {
  const { leases, renewing, bounds } = PLANS[budget];
  const mass = await MassLeases.acquire(address, leases);
  const audience = await EventAudience.gather(address);
  const others = new RenewingClients(address, renewing.clients, renewing.ttlSeconds);
  await others.start();
  tell(`${leases} leases are held for another ${((mass.endMs - nowMs()) / 1000).toFixed(1)} s`);
  const slowdown = new Slowdown(processId);
  const take = (): Measured => ({
    renewals: others.takeLatency(),
    noise: noise.take(),
    slowdown: slowdown.take(),
  });
  await pause(mass.endMs - nowMs() - 1000 - CALM_MS);
  take();
  await mass.noneIsGoneEarly(renewing.clients);
  const calm = take();
  const goneMs = await mass.allGone(renewing.clients);
  const busy = take();
  audience.leave();
  await others.stop();
  judge(goneMs, busy, bounds);
  return {
    'leases that expired within one second': leases,
    'ended early': 0,
    [`all gone, ms after the last (${PROMISED.gone} promised)`]: Math.round(goneMs),
    [`renewals meanwhile (p99 ${PROMISED.renewalP99} ms promised)`]: countAnd(busy.renewals),
    'renewals before': countAnd(calm.renewals),
    'what the machine adds to that': String(busy.noise),
    'slower because others had the processors': `${busy.slowdown.toFixed(1)} times`,
    'bytes sent to a watch of all locks': audience.received,
  };
}

/** A busy machine makes every server slow: what others take of it is not the server's fault. */
function judge(goneMs: number, { renewals, noise, slowdown }: Measured, bounds: Plan['bounds']): void {
  if (goneMs > bounds.gone * slowdown)
    throw new ClaimBroken(`the leases were gone ${goneMs} ms after the last of them ended`);
  if (renewals.count === 0) throw new ClaimBroken('nobody could renew while leases expired');
  if (renewals.quantile(0.99) > bounds.renewalP99 * slowdown + noise.quantile(0.99))
    throw new ClaimBroken(
      `renewals were slow while leases expired: ${String(renewals)}; the machine itself: ${String(noise)}; ` +
        `the server was slower by the factor ${slowdown.toFixed(1)} because others had the processors`,
    );
}

function countAnd(durations: Durations): string {
  return `${durations.count}: ${String(durations)}`;
}
