import type { Target } from '../../../src/bench/load/load.js';

/** A peer that is running and can take load. */
export interface RunningPeer {
  readonly target: Target;
  readonly processId: number;
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

/** The peer cannot run on this machine. The message says what to do about it. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}
