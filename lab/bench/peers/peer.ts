import type { Target } from '../../../src/bench/load/load.js';

/** Something that runs, and can be loaded. */
export interface RunningPeer {
  readonly target: Target;
  readonly processId: number;
  /** Ends it and removes its files. */
  readonly stop: () => Promise<void>;
}

/** A service that is measured beside others, doing the same work. */
export interface Peer {
  readonly name: string;
  /** What one acquire and one release are here, and what differs from the others. */
  readonly about: string;
  readonly workload: string;
  /** Throws `PeerMissing` if it is not installed. */
  readonly start: () => Promise<RunningPeer>;
}

/** The peer cannot be run on this machine. The message says what to do about it. */
export class PeerMissing extends Error {
  override readonly name = 'PeerMissing';
}
