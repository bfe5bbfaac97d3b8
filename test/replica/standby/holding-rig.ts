import { expect } from 'vitest';
import { LAST_ANSWERS_MS } from '../../../src/replica/forward/forwarder.js';
import type { LeaderTarget } from '../../../src/replica/forward/leader-target.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startStandby, type StandbyRig } from '../standby-rig.js';
import { Upstream, type Behaviour } from '../upstream.js';

export const LEASE_ID = '3f1c8a9e-5a0b-4a52-9f0e-3f1df4c7c1ab';
export const HOLD_MS = 5_000;

export interface HoldingRig extends StandbyRig {
  readonly clock: ManualClock;
  /** Resolves once a request is held, for the whole time. */
  readonly held: () => Promise<void>;
  /** Another server leads, and the old one has had time for its last answers. */
  readonly takeOver: (target: LeaderTarget) => void;
}

export async function start(): Promise<HoldingRig> {
  const clock = new ManualClock();
  const rig = await startStandby({ clock });
  const held = async (): Promise<void> => {
    await expect.poll(() => clock.hasTimerDueIn(HOLD_MS)).toBe(true);
  };
  const takeOver = (target: LeaderTarget): void => {
    rig.standby.forwardTo(target);
    clock.advance(LAST_ANSWERS_MS);
  };
  return { ...rig, clock, held, takeOver };
}

/** A standby with two servers, of which the first leads. */
export async function startPair(first: Behaviour): Promise<HoldingRig & { old: Upstream; next: Upstream }> {
  const [rig, old, next] = await Promise.all([start(), Upstream.start(first), Upstream.start()]);
  rig.standby.forwardTo(old.target);
  return { ...rig, old, next };
}

export const NO_LEADER = { status: 503, body: { code: 'no_leader' } };
export const SHUTTING_DOWN = { status: 503, body: { code: 'shutting_down' } };
export const OUTCOME_UNKNOWN = { status: 503, body: { code: 'outcome_unknown' } };
export const SERVED = { status: 200, body: { text: 'served' } };
