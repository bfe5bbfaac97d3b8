import { DiscoveryService } from '@nestjs/core';
import type { ElectOptions, LockHandle } from '@octostore/client';

/** A provider that works while this replica leads. */
export interface Leader {
  /**
   * Called when this replica begins to lead. It leads until the signal is aborted, even if this returns sooner: the lock is lost,
   * or the application shuts down. The next leader waits until this has returned, unless the lock was lost.
   *
   * An error ends the part of this replica in the election, so that another one leads. It is logged.
   */
  onLeading(lock: LockHandle, signal: AbortSignal): Promise<void> | void;
  /** Called when this replica no longer leads, for whatever reason, after `onLeading` has returned or thrown. */
  onLost?(): Promise<void> | void;
}

export interface LeaderElectionOptions extends Omit<ElectOptions, 'signal' | 'once'> {
  /** The name of the lock that the leader holds. */
  readonly name: string;
}

const IsLeader = DiscoveryService.createDecorator<LeaderElectionOptions>();

/** The metadata key of the decorator, for the discovery. */
export const LEADER_ELECTION = IsLeader;

/** Makes a provider take part in an election from the start of the application to its end. */
export function LeaderElection(name: string, options: Omit<LeaderElectionOptions, 'name'> = {}) {
  return (target: new (...args: never[]) => Leader): void => {
    IsLeader({ ...options, name })(target);
  };
}
