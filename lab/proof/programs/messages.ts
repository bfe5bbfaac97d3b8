import type { Address } from '../../kit/http/connection.js';
import type { Asked, Renewed } from '../../kit/guard/notices.js';
import type { Visit } from '../../kit/guard/visit.js';

/** What an actor reports to the guard, as JSON. */
export type Report =
  | { readonly kind: 'visit'; readonly visit: Visit }
  | { readonly kind: 'leave'; readonly id: string }
  /** The actor has finished once what it does again and again. */
  | { readonly kind: 'done'; readonly actor: string }
  | ({ readonly kind: 'asked' } & Asked)
  | ({ readonly kind: 'renewed' } & Renewed)
  | { readonly kind: 'violation'; readonly sentence: string };

/** The task of a host, as JSON in its first argument. */
export interface HostTask {
  readonly host: number;
  /** How many hosts there are. */
  readonly hosts: number;
  readonly seed: number;
  readonly octostore: Address;
  readonly guard: Address;
  readonly token: string;
}
