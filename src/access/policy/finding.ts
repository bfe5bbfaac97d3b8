/** A place in a text. Lines and columns begin with 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something to say about a policy, and the place that it is about. The message is a sentence. */
export interface Finding extends Position {
  readonly message: string;
}

/** Where the value at a path of the policy begins. */
export type PlaceOf = (path: readonly PropertyKey[]) => Position;

export function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}
