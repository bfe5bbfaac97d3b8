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
  readonly limits: Limits;
}

/** Limits in milliseconds on an otherwise idle machine, and in MiB. */
export interface Limits {
  /** The p99 of renewals under overload, and one second after it. */
  readonly renewalP99: number;
  readonly recoveredP99: number;
  /** How much the p99 of renewals may grow because other clients misbehave. */
  readonly harm: number;
  /** How long a slow socket stays open. */
  readonly freed: number;
  readonly residentMib: number;
}

export const FREED_MS_PROMISED = 15_000;

/** A server with well-behaved clients, and what is needed to measure it. */
export interface OverloadContext {
  readonly server: BuiltServer;
  readonly holders: RenewingClients;
  readonly machine: MachineNoise;
  readonly plan: Plan;
  readonly reportProgress: ProofContext['reportProgress'];
}

/** Throws if the p99 of the renewals exceeds `limitMs`. */
export function expectFast(when: string, renewals: Durations, limitMs: number): void {
  if (renewals.count === 0) throw new ClaimBroken(`no renewal succeeded ${when}`);
  if (renewals.quantile(0.99) > limitMs)
    throw new ClaimBroken(`renewals were slow ${when}: ${String(renewals)}; the limit is ${limitMs} ms`);
}
