import type { Target } from '../../../src/bench/load/load.js';

/** Where the load goes at present. */
export interface Aim {
  readonly target: Target;
  /** The process that receives the load. */
  readonly processId: number;
}

/** A peer that is running and can take load. */
export interface RunningPeer {
  /** Asked before each measurement, because the leader of several servers may have changed. */
  readonly aim: () => Promise<Aim>;
  /** Ends it and removes its files. */
  readonly stop: () => Promise<void>;
}

/** A service to compare with others that do the same work. */
export interface Peer {
  readonly name: string;
  /** What an acquire and a release consist of, and how this peer differs from the others. */
  readonly about: string;
  readonly workload: string;
  /** Throws `PeerMissing` if it is not installed. */
  readonly start: () => Promise<RunningPeer>;
}

/** Peers that run at the same time, because they are compared with each other. */
export interface PeerGroup {
  readonly name: string;
  readonly about: string;
  /** In display order. The tables compare throughput with that of the first one. */
  readonly peers: readonly [Peer, ...Peer[]];
}

/** One server, which always receives the load. */
export function alone(aim: Aim, stop: () => Promise<void>): RunningPeer {
  return { aim: () => Promise.resolve(aim), stop };
}

/** The peer cannot run on this machine. The message says what to do about it. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}
