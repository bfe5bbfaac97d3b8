import { ClaimBroken, type ProofContext } from '../proof.js';
import type { BuiltServer } from '../../kit/server/built-server.js';
import type { Durations } from '../server/durations.js';
import type { MachineNoise } from '../server/machine-noise.js';
import type { RenewingClients } from './renewing-clients.js';

export interface Plan {
  readonly holders: number;
  readonly ttlSeconds: number;
  readonly capacitySeconds: number;
  readonly overloadSeconds: number;
  readonly connections: number;
  readonly slowSockets: number;
  readonly bounds: Bounds;
}

/** Milliseconds on a machine that has nothing else to do, and MiB. */
export interface Bounds {
  /** 99 of 100 renewals, while there is too much to do and one second after that. */
  readonly renewalP99: number;
  readonly recoveredP99: number;
  /** By how much 99 of 100 renewals may take longer because others misbehave. */
  readonly harm: number;
  /** How long a slow socket lasts. */
  readonly freed: number;
  readonly residentMib: number;
}

export const FREED_MS_PROMISED = 15_000;

/** A server with clients that behave, and what is measured beside it. */
export interface Scene {
  readonly server: BuiltServer;
  readonly holders: RenewingClients;
  readonly machine: MachineNoise;
  readonly plan: Plan;
  readonly tell: ProofContext['tell'];
}

/** Throws if fewer than 99 of 100 renewals took no longer than `boundMs`. */
export function expectQuick(when: string, renewals: Durations, boundMs: number): void {
  if (renewals.count === 0) throw new ClaimBroken(`nobody could renew ${when}`);
  if (renewals.quantile(0.99) > boundMs)
    throw new ClaimBroken(`renewals were slow ${when}: ${String(renewals)}, at most ${boundMs} ms`);
}
