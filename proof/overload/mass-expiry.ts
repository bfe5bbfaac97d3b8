import { nowMs, pause } from '../../test/support/real-time.js';
import { Connection, type Address } from '../../test/support/connection.js';
import { LeanConnection } from '../../test/support/lean-connection.js';
import { ClaimBroken, type Budget, type Figures, type Proof } from '../proof.js';
import { TOKEN, withServer } from '../server/built-server.js';
import type { Durations } from '../server/durations.js';
import { lockRequest } from './lock-requests.js';
import { RenewingClients } from './renewing-clients.js';

const LEASES: Readonly<Record<Budget, number>> = { small: 20_000, full: 100_000 };
const CONNECTIONS = 64;
const RENEWING = { clients: 300, ttlSeconds: 3 };

/** Leases with which the speed of acquiring is measured. They stay. */
const SAMPLE = 2000;
const LONGEST_TTL_SECONDS = 3600;

/** Between the last acquire and the end of all leases, in milliseconds. */
const MARGIN_MS = 6000;

const POLL_MS = 25;

/** What is promised, and what is still taken for the noise of a machine that others use as well; in milliseconds. */
const GONE_WITHIN = { promised: 5000, tolerated: 10_000 } as const;
const RENEWAL_P99 = { promised: 100, tolerated: 1000 } as const;

/** Very many leases that end at once are ended soon, and nobody else is made to wait for it. */
export const massExpiry: Proof = {
  name: 'mass-expiry',
  claim:
    'very many leases that expire within one second are gone within 5 s, and renewals stay quick meanwhile',
  async run({ budget, tell }): Promise<Figures> {
    return withServer({}, async ({ address }) => {
      const count = LEASES[budget];
      const endMs = await acquireUntilOneMoment(address, count);
      const others = new RenewingClients(address, RENEWING.clients, RENEWING.ttlSeconds);
      await others.start();
      tell(`${count} leases are held for another ${((endMs - nowMs()) / 1000).toFixed(1)} s`);
      await pause(endMs - nowMs() - 2000);
      const calm = others.takeLatency();
      await pause(endMs - 1000 - nowMs());
      others.takeLatency();
      const goneMs = (await allGone(address, RENEWING.clients + SAMPLE, endMs)) - endMs;
      const busy = others.takeLatency();
      await others.stop();
      judge(goneMs, busy);
      return {
        'leases that expired within one second': count,
        [`all gone, ms after the last (${GONE_WITHIN.promised} promised)`]: Math.round(goneMs),
        [`renewals meanwhile (p99 ${RENEWAL_P99.promised} ms promised)`]: `${busy.count}: ${String(busy)}`,
        'renewals before': `${calm.count}: ${String(calm)}`,
      };
    });
  },
};

/** Acquires leases that all end in the second before the moment that is returned, on the monotonic clock. */
async function acquireUntilOneMoment(address: Address, count: number): Promise<number> {
  const startedMs = nowMs();
  await acquire(address, 'sample', SAMPLE, startedMs + LONGEST_TTL_SECONDS * 1000);
  const perLeaseMs = (nowMs() - startedMs) / SAMPLE;
  const endMs = nowMs() + perLeaseMs * count * 1.5 + MARGIN_MS;
  await acquire(address, 'mass', count, endMs);
  if (nowMs() > endMs - MARGIN_MS / 2)
    throw new Error('the machine is too busy to acquire all leases in time');
  return endMs;
}

async function acquire(address: Address, prefix: string, count: number, endMs: number): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      const connection = await LeanConnection.open(address);
      for (const index of indexes) {
        const ttl_seconds = Math.floor((endMs - nowMs()) / 1000);
        const { status } = await connection.send(
          lockRequest('acquire', `${prefix}/${index}`, { ttl_seconds }),
        );
        if (status !== 200) throw new Error(`an acquire was answered with ${status}`);
      }
      connection.close();
    }),
  );
}

/** Resolves with the moment at which the last of the leases was gone. */
async function allGone(address: Address, left: number, endMs: number): Promise<number> {
  const connection = new Connection(() => address, TOKEN);
  for (;;) {
    const { body } = await connection.get('/status');
    const held = Number(body['locks_held']);
    if (held <= left) {
      connection.cut();
      return nowMs();
    }
    if (nowMs() > endMs + 10 * GONE_WITHIN.tolerated) throw new ClaimBroken(`${held} leases are never gone`);
    await pause(POLL_MS);
  }
}

function judge(goneMs: number, renewals: Durations): void {
  if (goneMs > GONE_WITHIN.tolerated)
    throw new ClaimBroken(`the leases were gone ${goneMs} ms after the last of them ended`);
  if (renewals.count < 100) throw new Error(`only ${renewals.count} renewals were measured`);
  if (renewals.quantile(0.99) > RENEWAL_P99.tolerated)
    throw new ClaimBroken(`renewals were slow while leases expired: ${String(renewals)}`);
}
