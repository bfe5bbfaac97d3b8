import type { ConvertibleMode, WantedLock } from '../src/index.js';
import type { Json } from './protocol.js';

/** The fields of all requests. Each request uses some of them. */
export interface Given {
  readonly as: string;
  readonly client: string;
  readonly handle?: string;
  readonly session?: string;
  readonly watch?: string;
  readonly election?: string;
  readonly block?: string;
  readonly base_url: string | readonly string[];
  readonly token?: string | null;
  readonly token_function?: GivenTokens;
  readonly name: string;
  readonly prefix?: string;
  readonly owner: 'me';
  /** The locks that are wanted together. */
  readonly locks: readonly WantedLock[];
  readonly mode?: ConvertibleMode;
  readonly limit?: number;
  readonly permits?: number;
  readonly proof?: boolean;
  readonly lock_delay_seconds?: number;
  readonly min_hold_seconds?: number;
  readonly reason: string;
  readonly message?: string;
  readonly fencing_token: number;
  readonly lease_id: string;
  readonly session_id: string;
  readonly ttl_seconds: number;
  readonly wait_seconds: number;
  readonly wait_slice_seconds?: number;
  readonly release_on_exit?: boolean;
  /** The message of an error that the program is to fail with. */
  readonly fails?: string;
  readonly timeout_ms: number;
  readonly metadata: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly ('acquired' | '*')[];
  readonly lock_pattern: string;
  readonly webhook_id: string;
  readonly delivery_id: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly now_seconds: number;
}

/** What the function of a client gives. */
export interface GivenTokens {
  /** One after the other. Then the last one again and again, or an error. */
  readonly tokens: readonly string[];
  /** The message of the error. */
  readonly fails?: string;
  /** How long it takes. */
  readonly delay_ms?: number;
}

export type Request = (given: Given, emit: (event: Json) => void) => unknown;
