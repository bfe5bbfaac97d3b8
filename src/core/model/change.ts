import type { Lease } from './lease.js';
import type { Session } from './session.js';

/**
 * A durable change of state. Only `State.apply` applies one, both in `step` and when the state is rebuilt from the journal,
 * so a reloaded state cannot differ from the one that was decided.
 */
export type Change =
  | { readonly kind: 'lease_granted'; readonly lease: Lease }
  | { readonly kind: 'lease_extended'; readonly lease: Lease }
  | { readonly kind: 'lease_ended'; readonly lease: Lease }
  | { readonly kind: 'session_saved'; readonly session: Session }
  | { readonly kind: 'session_removed'; readonly session: Session };
