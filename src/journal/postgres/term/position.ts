/** A place in the chain of commits. Each commit is made on top of exactly one place, and moves the server row to the next one. */
export interface Position {
  /** The number of the term. It can be issued twice if the database loses commits, and then `reign` tells the two apart. */
  readonly epoch: number;
  /** Random for each term. Null before the first one. */
  readonly reign: string | null;
  /** It increases by one with each commit and each take-over. */
  readonly commitNo: number;
}

/** What the server row says about who leads. */
export interface Leadership extends Position {
  /** How to reach the leader. Empty if it has not said so yet. Null if no one leads. */
  readonly leaderUrl: string | null;
  /** The instant of the last commit. */
  readonly lastInstant: number;
}

export const SELECT_LEADERSHIP = `
  select epoch, reign, commit_no as "commitNo", leader_url as "leaderUrl", last_instant as "lastInstant"
    from server where id = 1`;

export function isSamePosition(one: Position, other: Position): boolean {
  return one.epoch === other.epoch && one.reign === other.reign && one.commitNo === other.commitNo;
}

export function afterCommit(position: Position): Position {
  return { ...position, commitNo: position.commitNo + 1 };
}

/** Whether a database at one position contains all commits up to the other one. */
export function hasAllOf(one: Position, other: Position): boolean {
  return one.epoch >= other.epoch && one.commitNo >= other.commitNo;
}
