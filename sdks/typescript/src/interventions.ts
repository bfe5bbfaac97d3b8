import type { Caller } from './calls.js';
import { checkName } from './checks.js';
import { Fields } from './fields.js';
import { lockPath } from './lease-routes.js';

export interface RequestReleaseOptions {
  /** What the holders are told, at most 256 bytes. */
  readonly message?: string | undefined;
}

export interface BreakOptions {
  /** Why. The former holders are told. 1 to 256 bytes. */
  readonly reason: string;
  /** The lease to end. All that hold the lock now by default. */
  readonly fencingToken?: number | undefined;
}

/** What a break has ended. */
export interface Break {
  /** Number of leases. */
  readonly leaseCount: number;
  /** The fencing tokens of the first 100 of them, in the order they were granted. */
  readonly fencingTokens: readonly number[];
  /** Whether no one held the lock, and it is now `available` instead of `delayed`. */
  readonly endedDelay: boolean;
}

/** What others than the holders can do about a lock. */
export class Interventions {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /** A second request only replaces the first, so it is safe to repeat. */
  async requestRelease(name: string, { message }: RequestReleaseOptions): Promise<void> {
    await this.#post(name, 'request-release', { message }, { read: readStatus, isSafe: true });
  }

  /** By the time it is repeated, someone else could hold the lock. */
  async break(name: string, { reason, fencingToken }: BreakOptions): Promise<Break> {
    const body = { reason, fencing_token: fencingToken };
    return this.#post(name, 'break', body, { read: readBreak, isSafe: false });
  }

  async #post<T>(
    name: string,
    verb: string,
    body: object,
    { read, isSafe }: { readonly read: (fields: Fields) => T; readonly isSafe: boolean },
  ): Promise<T> {
    checkName(name);
    const { value } = await this.#caller.call({
      request: () => ({ method: 'POST', path: lockPath(name, verb), body }),
      read: (text) => read(Fields.parse(text)),
      isSafe,
    });
    return value;
  }
}

function readStatus(fields: Fields): string {
  return fields.text('status');
}

function readBreak(fields: Fields): Break {
  return {
    leaseCount: fields.number('lease_count'),
    fencingTokens: fields.numbers('fencing_tokens'),
    endedDelay: fields.flag('ended_delay'),
  };
}
