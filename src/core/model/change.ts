import type { BrokenLease } from './broken-lease.js';
import type { Cooling } from './cooling.js';
import type { Fence } from './fence.js';
import type { Lease } from './lease.js';
import type { Session } from './session.js';

/**
 * A durable change of state. Only `State.apply` applies one, both in `step` and when the state is rebuilt from the journal,
 * so a reloaded state cannot differ from the one that was decided.
 */
export type Change =
  | { readonly kind: 'lease_granted'; readonly lease: Lease }
  | { readonly kind: 'lease_extended'; readonly lease: Lease }
  /** Another mode. If the token is another one too, the lease takes its new place among the holders of its locks. */
  | { readonly kind: 'lease_converted'; readonly from: Lease; readonly to: Lease }
  | { readonly kind: 'lease_ended'; readonly lease: Lease }
  | { readonly kind: 'cooling_began'; readonly cooling: Cooling }
  | { readonly kind: 'cooling_ended'; readonly cooling: Cooling }
  | { readonly kind: 'broken_lease_saved'; readonly broken: BrokenLease }
  | { readonly kind: 'broken_lease_forgotten'; readonly broken: BrokenLease }
  | { readonly kind: 'session_saved'; readonly session: Session }
  | { readonly kind: 'session_removed'; readonly session: Session }
  | { readonly kind: 'fence_saved'; readonly fence: Fence }
  | { readonly kind: 'fence_removed'; readonly fence: Fence };
