/** The highest fencing token that a resource has seen. */
export interface FenceRow {
  name: string;

  /** The user who created the fence. It counts in this user's quota. */
  userId: string;

  highest: number;
}
