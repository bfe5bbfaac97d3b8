/** Who looks after a service account. Its name and its creation are in its row in `users`. */
export interface ServiceAccountRow {
  /** The account, whose provider is `service`. */
  userId: string;

  /** The ids of the accounts that own it, as a JSON array. */
  owners: string;
}
