import { Bearer } from './bearer.js';
import { Caller } from './calls.js';
import { checkedBaseUrl, checkName, checkToken } from './checks.js';
import { elect, type ElectOptions, type Lead } from './election.js';
import { environment } from './environment.js';
import { Fields } from './fields.js';
import { hold, type HoldOptions } from './hold.js';
import { LockApi, lockPath, type AcquireOptions, type ListOptions } from './lock-api.js';
import type { LockHandle } from './lock.js';
import { readLockStatus, readStatusCounters } from './readers.js';
import { RULES } from './rules.js';
import { SessionApi, SessionHandle } from './session.js';
import { Transport } from './transport.js';
import type {
  CreatedSession,
  HeldLock,
  KeptSession,
  Lease,
  LockStatus,
  SessionStatus,
  StatusCounters,
} from './types.js';
import { readPrefixState, Watch, type PrefixState, type WatchOptions } from './watch.js';
import { WebhookApi } from './webhook-api.js';

export interface ClientOptions {
  /** `OCTOSTORE_BASE_URL` by default, and without that `http://localhost:3000`. */
  readonly baseUrl?: string | undefined;
  /** `OCTOSTORE_TOKEN` by default. Without a token only what is public can be asked for. */
  readonly token?: string | undefined;
  /** Milliseconds that one HTTP attempt may take, 10,000 by default. Time that the server is asked to wait comes on top. */
  readonly timeoutMs?: number | undefined;
}

/**
 * A user's access to an OctoStore server. Cheap, and made to be shared. All methods throw an `OctoStoreError` if they
 * fail; see the README for which is when, and for what is repeated.
 */
export class OctoStoreClient {
  readonly webhooks: WebhookApi;
  readonly #caller: Caller;
  readonly #locks: LockApi;
  readonly #sessions: SessionApi;

  /** Throws `ValidationError` for a base URL or a token that cannot be one. */
  constructor({ baseUrl, token, timeoutMs = RULES.timeout_ms_default }: ClientOptions = {}) {
    const { OCTOSTORE_BASE_URL, OCTOSTORE_TOKEN } = environment();
    // A variable that is set to nothing counts as not set, as in shells.
    const url = checkedBaseUrl(baseUrl ?? (OCTOSTORE_BASE_URL || RULES.default_base_url));
    const bearer = token ?? (OCTOSTORE_TOKEN || null);
    if (bearer !== null) checkToken(bearer);
    this.#caller = new Caller(new Transport(url), new Bearer(bearer), timeoutMs);
    this.#locks = new LockApi(this.#caller);
    this.#sessions = new SessionApi(this.#caller);
    this.webhooks = new WebhookApi(this.#caller);
  }

  /** For people; without the token. */
  toString(): string {
    return `OctoStoreClient(${this.#caller.transport.baseUrl})`;
  }

  /** Acquires a lock and renews it in the background. Throws `LockHeldError` if it is not free within `waitSeconds`. */
  hold(name: string, options: HoldOptions = {}): Promise<LockHandle> {
    return hold(this.#locks, name, options, this.#caller.timeoutMs);
  }

  /** Runs a function while a lock is held, and passes on what it returns or throws. It must heed `lock.signal`. */
  async withLock<T>(
    name: string,
    options: HoldOptions,
    use: (lock: LockHandle) => Promise<T> | T,
  ): Promise<T> {
    const lock = await this.hold(name, options);
    try {
      return await use(lock);
    } finally {
      await lock.close();
    }
  }

  /**
   * Campaigns for a lock and runs a function while it is held, again and again, until `options.signal` is aborted.
   * Resolves then, after the function has returned and the lock is released. Throws what the function throws, and what no
   * campaign can mend, such as `AuthenticationError`.
   */
  elect(name: string, options: ElectOptions, lead: Lead): Promise<void> {
    return elect((holding) => this.hold(name, holding), options, lead);
  }

  /** Acquires a lock without renewing it. Prefer `hold`. */
  async acquire(name: string, options: AcquireOptions = {}): Promise<Lease> {
    return (await this.#locks.acquire(name, options)).lease;
  }

  /** Lets a lease end `ttlSeconds` (1 to 3600) from now. Throws `NotFoundError` if you no longer have it. */
  async renew(name: string, leaseId: string, ttlSeconds: number): Promise<Lease> {
    return (await this.#locks.renew(name, leaseId, ttlSeconds)).lease;
  }

  /** Releases a lease. Throws `NotFoundError` if you no longer have it. */
  release(name: string, leaseId: string): Promise<void> {
    return this.#locks.release(name, leaseId);
  }

  lockStatus(name: string): Promise<LockStatus> {
    return this.#locks.status(name);
  }

  /** All locks that are held, in name order. */
  listLocks(options: ListOptions = {}): Promise<HeldLock[]> {
    return this.#locks.list(options);
  }

  /** The state of a lock and then everything that happens to it. */
  watch(name: string, { signal }: WatchOptions = {}): Watch<LockStatus> {
    checkName(name);
    return new Watch(this.#caller, lockPath(name, 'watch'), readLockStatus, signal);
  }

  /** The same for all locks whose names begin with a text. */
  watchPrefix(prefix: string, { signal }: WatchOptions = {}): Watch<PrefixState> {
    const path = `/watch?${new URLSearchParams({ prefix })}`;
    return new Watch(this.#caller, path, readPrefixState, signal);
  }

  /** Opens a session and keeps it alive in the background. `ttlSeconds` from 10 to 300, 60 by default. */
  openSession({ ttlSeconds }: { readonly ttlSeconds?: number | undefined } = {}): Promise<SessionHandle> {
    return SessionHandle.open(this.#sessions, ttlSeconds);
  }

  /** Creates a session without keeping it alive. Prefer `openSession`. */
  async createSession(ttlSeconds: number = RULES.session_ttl_seconds_default): Promise<CreatedSession> {
    return (await this.#sessions.create(ttlSeconds)).session;
  }

  keepalive(sessionId: string): Promise<KeptSession> {
    return this.#sessions.keepalive(sessionId);
  }

  sessionStatus(sessionId: string): Promise<SessionStatus> {
    return this.#sessions.status(sessionId);
  }

  endSession(sessionId: string): Promise<void> {
    return this.#sessions.end(sessionId);
  }

  /** `OK` if the server is well. */
  health(): Promise<string> {
    return this.#get('/health', readHealth);
  }

  statusCounters(): Promise<StatusCounters> {
    return this.#get('/status', (text) => readStatusCounters(Fields.parse(text)));
  }

  /**
   * Puts a new token in the place of the present one, which ends at once. This client goes on with the new one, which is
   * returned, and so does all that it has under way.
   */
  rotateToken(): Promise<string> {
    return this.#caller.bearer.rotate(async (token) => {
      const { value } = await this.#caller.call({
        request: () => ({ method: 'POST', path: '/auth/token/rotate' }),
        read: (text) => Fields.parse(text).text('token'),
        isSafe: false,
        token,
      });
      return value;
    });
  }

  async #get<T>(path: string, read: (text: string) => T): Promise<T> {
    const request = () => ({ method: 'GET', path }) as const;
    return (await this.#caller.call({ request, read, isSafe: true })).value;
  }
}

function readHealth(text: string): string {
  if (text.trim() !== 'OK') throw new TypeError('not the answer of a healthy server');
  return 'OK';
}
