import type { Confirmed } from '../memberships/memberships.js';
import type { Identity } from '../user-directory.js';

/** Who has signed in, and what the provider has said about their groups. */
export interface Proven {
  readonly identity: Identity;
  readonly confirmed: Confirmed;
}
