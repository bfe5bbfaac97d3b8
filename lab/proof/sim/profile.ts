import type { StoreOptions } from '../../../src/store/store-options.js';
import type { Random } from '../../kit/random.js';

/** The conditions of a run. The seed decides them, so that some runs are calm and others are not. */
export interface Profile {
  readonly steps: number;
  readonly clients: number;
  readonly users: number;
  readonly locks: number;
  readonly options: StoreOptions;
  /** Leases that one client acquires at the same time, so that they expire at the same time; 0 in most runs. */
  readonly massLeases: number;
  readonly thinkMs: number;
  readonly ttlSeconds: number;
  readonly sweepEveryMs: number;
  readonly commitMs: number;
  readonly slowCommit: number;
  readonly failedCommit: number;
  readonly crashAtCommit: number;
  /** The probability that a message is lost, arrives twice, or takes very long. */
  readonly loss: number;
  readonly duplicates: number;
  readonly delays: number;
  /** Mean milliseconds between two faults. */
  readonly troubleEveryMs: number;
  /** The probability that the machine restarts too. */
  readonly reboots: number;
}

/** Runs in a thousand that have very many leases. */
const MASS_PER_MILLE = 2;

export function drawProfile(random: Random): Profile {
  const isMass = random.below(1_000) < MASS_PER_MILLE;
  return {
    steps: isMass ? 2_400 : random.whole(100, 200),
    clients: random.whole(2, 5),
    users: random.whole(1, 3),
    locks: random.whole(1, 4),
    options: drawOptions(random, isMass),
    massLeases: isMass ? 600 : 0,
    thinkMs: random.pick([50, 300, 900]),
    ttlSeconds: random.pick([1, 2, 4]),
    sweepEveryMs: random.pick([25, 100, 250, 500]),
    commitMs: random.pick([1, 4, 15]),
    slowCommit: random.pick([0, 0.03, 0.2]),
    failedCommit: random.pick([0, 0, 0.01, 0.04]),
    crashAtCommit: random.pick([0, 0.02, 0.06]),
    loss: random.pick([0, 0.03, 0.15]),
    duplicates: random.pick([0, 0.05]),
    delays: random.pick([0, 0.05, 0.2]),
    troubleEveryMs: random.pick([400, 1_200, 4_000]),
    reboots: random.pick([0, 0.3, 0.6]),
  };
}

function drawOptions(random: Random, isMass: boolean): StoreOptions {
  return {
    maxLocks: isMass ? 1_000 : random.pick([3, 1_000, 1_000]),
    maxLocksPerUser: isMass ? 1_000 : random.pick([1, 2, 3, 100]),
    maxSessions: random.pick([2, 4, 100]),
    maxSessionsPerUser: random.pick([1, 2, 100]),
    maxWaiters: random.pick([1, 1_000, 1_000]),
    maxWaitersPerUser: random.pick([1, 1_000, 1_000]),
    maxFences: random.pick([2, 1_000, 1_000]),
    maxFencesPerUser: random.pick([1, 1_000, 1_000]),
    restartGraceSeconds: random.pick([0, 1, 3]),
    eventRetention: random.pick([3, 20, 100_000]),
    maxPendingCommands: random.pick([3, 10_000, 10_000]),
    confirmedReads: false,
  };
}
