import type { Random } from '../../kit/random.js';
import { drawProfile as drawUsualProfile, type Profile } from '../sim/profile.js';
import type { Wires } from '../../kit/simulated-postgres/sim-connection.js';

/** The conditions of a run with replicas, in addition to those of a run with one server. */
export interface ReplicaProfile extends Profile {
  readonly replicas: number;
  /** Whether a commit waits for the standby. Otherwise a fail-over loses what was acknowledged. */
  readonly isSynchronous: boolean;
  readonly replicationMs: number;
  /** What the clock of the database says when the run begins, since 1970. */
  readonly databaseClockMs: number;
  readonly wires: Wires;
  /** How much faster or slower the monotonic clocks run than true time, at most. */
  readonly drift: number;
  /** Whether each leader crashes before it has served for as long as a take-over gives time to renew. */
  readonly crashesInLoop: boolean;
}

/** How far monotonic clocks are apart that work as they should. */
const USUAL_DRIFT = 1e-3;

/** How much time to renew a take-over gives in a crash loop. */
const LOOP_GRACE_SECONDS = 8;

/** A clock that is wrong in the extreme. The margin of a lead covers even that. */
const EXTREME_DRIFT = 0.05;

export function drawProfile(random: Random): ReplicaProfile {
  const profile = drawUsual(random);
  return random.chance(0.06) ? inCrashLoop(profile) : profile;
}

function drawUsual(random: Random): ReplicaProfile {
  const usual = drawUsualProfile(random);
  const { options } = usual;
  return {
    ...usual,
    steps: random.whole(300, 900),
    massLeases: 0,
    thinkMs: random.pick([30, 100, 300]),
    sweepEveryMs: random.pick([100, 250, 500]),
    ttlSeconds: random.pick([2, 4, 8, 30]),
    options: {
      ...options,
      eventRetention: Math.max(20, options.eventRetention),
      confirmedReads: random.chance(0.2),
    },
    // One alone has no other to take over from it when it is stuck.
    replicas: random.pick([1, 2, 2, 3, 3]),
    isSynchronous: random.chance(0.8),
    replicationMs: random.pick([1, 5, 40]),
    // Tokens that skip begin at the number of the present time, unless they are ahead of it.
    databaseClockMs: random.pick([0, Date.UTC(2026, 10, 1)]),
    wires: {
      late: random.pick([0, 0, 0.01, 0.05]),
      repeated: random.pick([0, 0, 0.02]),
      lost: random.pick([0, 0, 0.01, 0.04]),
    },
    drift: random.chance(0.2) ? EXTREME_DRIFT : USUAL_DRIFT,
    troubleEveryMs: random.pick([1_500, 3_000, 6_000]),
    crashesInLoop: false,
  };
}

/** Leases that no one renews must end all the same. */
function inCrashLoop(profile: ReplicaProfile): ReplicaProfile {
  return {
    ...profile,
    crashesInLoop: true,
    steps: 2_600,
    sweepEveryMs: 500,
    thinkMs: 600,
    ttlSeconds: LOOP_GRACE_SECONDS,
    options: { ...profile.options, restartGraceSeconds: LOOP_GRACE_SECONDS },
    wires: { late: 0, repeated: 0, lost: 0 },
    troubleEveryMs: 60_000,
  };
}
