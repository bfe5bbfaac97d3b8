import type { Lease } from './lease.js';
import type { Session } from './session.js';

/**
 * A durable change of state. `State.apply` is the only code that carries one out, in `step` and when the state is
 * rebuilt from the journal alike, so what was decided and what is reloaded cannot differ.
 */
export type Change =
  | { readonly kind: 'lease_granted'; readonly lease: Lease }
  | { readonly kind: 'lease_extended'; readonly lease: Lease }
  | { readonly kind: 'lease_ended'; readonly lease: Lease }
  | { readonly kind: 'session_saved'; readonly session: Session }
  | { readonly kind: 'session_removed'; readonly session: Session };
