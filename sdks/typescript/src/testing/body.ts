import type { Want } from '#server/core/model/demand.js';
import { EXCLUSIVE, SHARED, type Demand } from '#server/core/model/demand.js';
import type { AcquireRequest } from '#server/core/model/command.js';
import { NO_COOLING, type CoolingTerms } from '#server/core/model/cooling.js';
import type { LeaseId, SessionId, UserId } from '#server/core/model/ids.js';
import {
  LEASE_LOCKS,
  LEASE_TTL_SECONDS,
  LOCK_DELAY_SECONDS,
  METADATA_BYTES_MAX,
  MIN_HOLD_SECONDS,
  PERMITS,
  WAIT_SECONDS,
} from '#server/core/model/limits.js';
import { parseLockName, type LockName } from '#server/core/model/lock-name.js';
import { invalid } from './refusal.js';

interface Range {
  readonly min: number;
  readonly max: number;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The fields of a request. Reading one that is not valid throws the refusal that the server answers with. */
export class Body {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Readonly<Record<string, unknown>>) {
    this.#fields = fields;
  }

  static parse(text: string): Body {
    return new Body(text === '' ? {} : (JSON.parse(text) as Record<string, unknown>));
  }

  integer(name: string, { min, max }: Range): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw invalid(`${name} must be an integer from ${min} to ${max}`);
  }

  optionalInteger(name: string, range: Range): number | null {
    return this.#has(name) ? this.integer(name, range) : null;
  }

  text(name: string, bytesMax: number): string {
    const value = this.#fields[name];
    if (typeof value === 'string' && new TextEncoder().encode(value).length <= bytesMax) return value;
    throw invalid(`${name} must be a text of at most ${bytesMax} bytes`);
  }

  optionalText(name: string, bytesMax: number): string | null {
    return this.#has(name) ? this.text(name, bytesMax) : null;
  }

  uuid(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string' && UUID.test(value)) return value.toLowerCase();
    throw invalid(`${name} must be a UUID`);
  }

  optionalUuid(name: string): string | null {
    return this.#has(name) ? this.uuid(name) : null;
  }

  mode(): 'exclusive' | 'shared' {
    const mode = this.#fields['mode'];
    if (mode === 'exclusive' || mode === 'shared') return mode;
    throw invalid('mode must be one of exclusive, shared');
  }

  isTrue(name: string): boolean {
    return this.#fields[name] === true;
  }

  /** What a request wants of one lock. */
  demand(): Demand {
    const mode = this.#has('mode') ? this.mode() : null;
    const limit = this.optionalInteger('limit', PERMITS);
    const permits = this.optionalInteger('permits', PERMITS);
    if (limit === null) {
      if (permits !== null) throw invalid('permits needs a limit. Add one, or leave permits out.');
      return mode === 'shared' ? SHARED : EXCLUSIVE;
    }
    if (mode !== null) throw invalid(`A lock with a limit is counted, so mode cannot be "${mode}".`);
    if (permits !== null && permits > limit) throw invalid(`permits is ${permits}, but limit is ${limit}.`);
    return { mode: 'counted', limit, permits: permits ?? 1 };
  }

  /** The locks of a request for several. */
  wants(): AcquireRequest['wants'] {
    const locks = this.#fields['locks'];
    if (!Array.isArray(locks) || locks.length > LEASE_LOCKS.max) {
      throw invalid(`locks must be a list of ${LEASE_LOCKS.min} to ${LEASE_LOCKS.max} locks`);
    }
    const [first, ...others] = locks.map((lock: Record<string, unknown>): Want => {
      const fields = new Body(lock);
      return { lockName: lockNameOf(String(lock['name'])), demand: fields.demand() };
    });
    if (first === undefined) throw invalid('locks must have at least one lock');
    const names = new Set([first, ...others].map(({ lockName }) => lockName));
    if (names.size < locks.length) throw invalid('locks has a lock twice. List each lock once.');
    return [first, ...others];
  }

  get waitSeconds(): number {
    return this.optionalInteger('wait_seconds', WAIT_SECONDS) ?? WAIT_SECONDS.default;
  }

  get ttlSeconds(): number {
    return this.integer('ttl_seconds', LEASE_TTL_SECONDS);
  }

  leaseRequest(wants: AcquireRequest['wants'], userId: UserId): AcquireRequest {
    const leaseId = this.optionalUuid('lease_id');
    const sessionId = this.optionalUuid('session_id') as SessionId | null;
    const ttlSeconds = this.ttlSeconds;
    return {
      wants,
      holder: { userId, sessionId },
      leaseId: (leaseId ?? crypto.randomUUID()) as LeaseId,
      leaseIdChosen: leaseId !== null,
      ttlSeconds,
      metadata: this.optionalText('metadata', METADATA_BYTES_MAX),
      cooling: this.#cooling(wants, ttlSeconds),
    };
  }

  #cooling(wants: AcquireRequest['wants'], ttlSeconds: number): CoolingTerms {
    const lockDelaySeconds = this.optionalInteger('lock_delay_seconds', LOCK_DELAY_SECONDS) ?? 0;
    const minHoldSeconds = this.optionalInteger('min_hold_seconds', MIN_HOLD_SECONDS) ?? 0;
    if (lockDelaySeconds === 0 && minHoldSeconds === 0) return NO_COOLING;
    if (wants.some(({ demand }) => demand.mode !== 'exclusive')) {
      throw invalid('lock_delay_seconds and min_hold_seconds are for exclusive locks. Leave them out.');
    }
    if (minHoldSeconds > ttlSeconds) {
      throw invalid(`min_hold_seconds is ${minHoldSeconds}, but ttl_seconds is ${ttlSeconds}.`);
    }
    return { lockDelaySeconds, minHoldSeconds };
  }

  #has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }
}

export function lockNameOf(text: string): LockName {
  const parsed = parseLockName(text);
  if (parsed.ok) return parsed.name;
  throw invalid(parsed.problem);
}
