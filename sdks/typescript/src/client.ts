import type { LeaseOptions } from './acquiring.js';
import { Bearer, type TokenFunction } from './bearer.js';
import { Caller } from './calls.js';
import { checkedBaseUrls, checkToken, checkWaitSlice } from './checks.js';
import { elect, Election, type ElectOptions, type Lead } from './election.js';
import { environment } from './environment.js';
import { CLOSED_ON_EXIT, LEFT_OPEN, type OpenHandles } from './exit.js';
import { FenceApi } from './fence-api.js';
import { LockLostError } from './errors.js';
import { Fields } from './fields.js';
import type { LockExplanation } from './explanation.js';
import type { Observer } from './handle-events.js';
import { whileInUse } from './forgotten.js';
import { tellDouble } from './handles-of-double.js';
import type { HistoryOptions, LockHistory } from './history.js';
import type { QueueList, QueueListOptions } from './queue-list.js';
import { hold, type HoldAllOptions, type HoldOptions } from './hold.js';
import { Interventions, type Break, type BreakOptions, type RequestReleaseOptions } from './interventions.js';
import { LeaseApi } from './lease-api.js';
import type { RenewOptions } from './lease-keeping.js';
import { LockApi, type AcquireOptions, type ListOptions } from './lock-api.js';
import type { LockHandle } from './lock.js';
import { readLockStatus } from './lock-readers.js';
import type {
  ConvertibleMode,
  HeldLock,
  Lease,
  LockStatus,
  Queue,
  WantedLock,
  WholeLease,
} from './lock-types.js';
import { readStatusCounters } from './readers.js';
import { RULES } from './rules.js';
import { Servers } from './servers.js';
import { SessionApi, SessionHandle } from './session.js';
import { INSPECT } from './text-forms.js';
import type { Fetch } from './transport.js';
import type { CreatedSession, KeptSession, SessionStatus, StatusCounters } from './types.js';
import { readPrefixState, Watch, watchPath, type PrefixState, type WatchOptions } from './watch.js';
import { ServiceAccountApi } from './service-account-api.js';
import { TokenApi } from './token-api.js';
import { WebhookApi } from './webhook-api.js';

export interface ClientOptions {
  /**
   * `OCTOSTORE_BASE_URL` by default, or `http://localhost:3000` if that is not set. If the service runs on several servers, give
   * all their URLs, in an array or separated by commas: if one server does not answer, the client goes on with the next.
   */
  readonly baseUrl?: string | readonly string[] | undefined;
  /**
   * `OCTOSTORE_TOKEN` by default, or null for no token. Without a token, only `health` and `statusCounters` work. If your token
   * changes, give a function: it is called before the first request, and again when the server has refused the last token.
   */
  readonly token?: string | TokenFunction | null | undefined;
  /** Timeout of one HTTP attempt in milliseconds, 10,000 by default. An acquire that waits gets its wait on top. */
  readonly timeoutMs?: number | undefined;
  /** Timeout of all attempts of a call together, in milliseconds. Waits, watches and renewals are not affected. None by default. */
  readonly callTimeoutMs?: number | undefined;
  /** How long one request waits in line at most, 1 to 60 seconds, 25 by default. A longer wait takes several requests. */
  readonly waitSliceSeconds?: number | undefined;
  /**
   * Whether to close all open handles when the process exits by itself, and on SIGINT and SIGTERM, within a second. `false` by
   * default. Your own handlers of these signals still run. Nothing can be closed after `process.exit()`.
   */
  readonly releaseOnExit?: boolean | undefined;
  /** Receives everything that happens to the locks and sessions that the client holds. It must return quickly. */
  readonly observer?: Observer | undefined;
  /**
   * Sends the HTTP requests, such as through a proxy. The global `fetch` by default. It must not follow redirects if `redirect` is
   * `manual`, because the token is for your servers alone.
   */
  readonly fetch?: Fetch | undefined;
}

/**
 * A user's access to an OctoStore server. Cheap to create, and safe to share. All methods throw an `OctoStoreError` if they
 * fail. The README says which error to expect when, and which calls are retried.
 */
export class OctoStoreClient {
  readonly fences: FenceApi;
  readonly leases: LeaseApi;
  /** The service accounts that you own, and their tokens. */
  readonly serviceAccounts: ServiceAccountApi;
  readonly tokens: TokenApi;
  readonly webhooks: WebhookApi;
  readonly #caller: Caller;
  readonly #locks: LockApi;
  readonly #interventions: Interventions;
  readonly #sessions: SessionApi;

  /** Throws `ValidationError` if an option is not valid. */
  constructor({
    baseUrl,
    token,
    timeoutMs = RULES.timeout_ms_default,
    callTimeoutMs,
    waitSliceSeconds = RULES.wait_slice_seconds_default,
    releaseOnExit = false,
    observer,
    fetch,
  }: ClientOptions = {}) {
    const { OCTOSTORE_BASE_URL, OCTOSTORE_TOKEN } = environment();
    // An empty variable counts as not set, as in shells.
    const urls = checkedBaseUrls(baseUrl ?? (OCTOSTORE_BASE_URL || RULES.default_base_url));
    const bearer = token === undefined ? OCTOSTORE_TOKEN || null : token;
    if (typeof bearer === 'string') checkToken(bearer);
    checkWaitSlice(waitSliceSeconds);
    const open = openHandles(releaseOnExit, fetch);
    const settings = { timeoutMs, callTimeoutMs, waitSliceSeconds, open, observer, fetch };
    this.#caller = new Caller(new Servers(urls), new Bearer(bearer), settings);
    this.#locks = new LockApi(this.#caller);
    this.#interventions = new Interventions(this.#caller);
    this.#sessions = new SessionApi(this.#caller);
    this.fences = new FenceApi(this.#caller);
    this.leases = new LeaseApi(this.#caller);
    this.serviceAccounts = new ServiceAccountApi(this.#caller);
    this.tokens = new TokenApi(this.#caller);
    this.webhooks = new WebhookApi(this.#caller);
  }

  /** For logs and debugging, without the token. */
  toString(): string {
    return `OctoStoreClient(${this.#caller.servers.urls.join(', ')})`;
  }

  [INSPECT](): string {
    return this.toString();
  }

  /**
   * Acquires a lock and renews it in the background. You hold it alone, unless you give a `mode` or a `limit`. Throws
   * `LockHeldError` if you still cannot have it after `waitSeconds`.
   */
  async hold(name: string, options: HoldOptions = {}): Promise<LockHandle> {
    return hold(this.#locks.acquiring(name, options), options, this.#caller);
  }

  /**
   * Acquires several locks (1 to 32, each once) under one lease, and renews it in the background. You get all of them or
   * none, and such calls cannot deadlock each other. Throws `LockHeldError` if you still cannot have all after `waitSeconds`.
   */
  async holdAll(locks: readonly WantedLock[], options: HoldAllOptions = {}): Promise<LockHandle> {
    return hold(this.#locks.acquiringAll(locks), options, this.#caller);
  }

  /**
   * Runs a function while holding a lock, and returns its result. The function must stop when `lock.signal` is aborted. Throws
   * `LockLostError` if the lock was lost meanwhile and the function itself did not fail.
   */
  async withLock<T>(
    name: string,
    options: HoldOptions,
    use: (lock: LockHandle) => Promise<T> | T,
  ): Promise<T> {
    return useAndClose(await this.hold(name, options), use);
  }

  /** The same for several locks. */
  async withLocks<T>(
    locks: readonly WantedLock[],
    options: HoldAllOptions,
    use: (lock: LockHandle) => Promise<T> | T,
  ): Promise<T> {
    return useAndClose(await this.holdAll(locks, options), use);
  }

  /**
   * Campaigns for a lock and runs a function while holding it, again and again, until `options.signal` is aborted or you call
   * `stop()`. Await the election, or its `ended`, to learn when it has ended. An error that you do not ask for is a warning.
   */
  elect(name: string, options: ElectOptions, lead: Lead): Election {
    const stop = new AbortController();
    const stopWithSignal = (): void => stop.abort(options.signal?.reason);
    if (options.signal?.aborted === true) stopWithSignal();
    options.signal?.addEventListener('abort', stopWithSignal, { once: true });
    const holdBriefly = async (holding: HoldOptions): Promise<LockHandle> =>
      hold(this.#locks.acquiring(name, holding), holding, this.#caller, { isBrief: true });
    return new Election(name, stop, async () => {
      try {
        await elect(holdBriefly, { ...options, signal: stop.signal }, lead);
      } finally {
        options.signal?.removeEventListener('abort', stopWithSignal);
      }
    });
  }

  /** Acquires a lock without renewing it. Prefer `hold`. */
  async acquire(name: string, options: AcquireOptions = {}): Promise<Lease> {
    return (await this.#locks.acquiring(name, options).acquire(options)).lease;
  }

  /** Acquires several locks under one lease, without renewing it. Prefer `holdAll`. `leases` renews and releases it. */
  async acquireAll(locks: readonly WantedLock[], options: LeaseOptions = {}): Promise<WholeLease> {
    return (await this.#locks.acquiringAll(locks).acquire(options)).lease;
  }

  /**
   * Renews a lease with all its locks, so that it ends `ttlSeconds` (1 to 3600) from now. Throws `NotFoundError` if you no
   * longer have it.
   */
  async renew(name: string, leaseId: string, ttlSeconds: number, options: RenewOptions = {}): Promise<Lease> {
    return (await this.#locks.keeping(name).renew(leaseId, ttlSeconds, options)).lease;
  }

  /** Releases a lease with all its locks. Throws `NotFoundError` if you no longer have it. */
  async release(name: string, leaseId: string): Promise<void> {
    await this.#locks.keeping(name).release(leaseId);
  }

  /**
   * Holds one lock of a lease in another mode, without letting go of it. Prefer `convert` of a lock handle, which says what
   * each mode needs. Returns the lease, with a new fencing token if the lock has become exclusive.
   *
   * Throws `LockHeldError` if it is to be exclusive and others hold it too, `NotFoundError` if you no longer have the lease,
   * and `ValidationError` if the lock is counted.
   */
  convert(name: string, leaseId: string, mode: ConvertibleMode): Promise<Lease> {
    return this.#locks.keeping(name).convert(name, leaseId, mode);
  }

  /**
   * Asks the holders of a lock to release it. Their handles tell them when they next renew, and they decide. You can ask for a
   * lock a few times per minute. Throws `NotFoundError` if no one holds it, and `LimitError` if you ask too often.
   */
  requestRelease(name: string, options: RequestReleaseOptions = {}): Promise<void> {
    return this.#interventions.requestRelease(name, options);
  }

  /**
   * Ends the leases that hold a lock now, each with all its locks, no matter whose they are. For an hour, their holders get a
   * `LeaseBrokenError` with the reason. If no one holds the lock and it is only `delayed`, it becomes available. The token of
   * this client must be that of an administrator, or an admin key: otherwise it throws `PermissionError`. Throws
   * `NotFoundError` if there is nothing to end.
   */
  breakLock(name: string, options: BreakOptions): Promise<Break> {
    return this.#interventions.break(name, options);
  }

  lockStatus(name: string): Promise<LockStatus> {
    return this.#locks.status(name);
  }

  /** All locks that are held, sorted by name. If several leases hold a lock, each has an entry. */
  listLocks(options: ListOptions = {}): Promise<HeldLock[]> {
    return this.#locks.list(options);
  }

  /** The requests that wait for a lock, in order of arrival. */
  queue(name: string): Promise<Queue> {
    return this.#locks.queue(name);
  }

  /** The locks that most requests wait for, with who holds them and for how long. */
  queues(options: QueueListOptions = {}): Promise<QueueList> {
    return this.#locks.queues(options);
  }

  /**
   * Who holds a lock, since when and how close its renewals were, what each request in line waits for, and how it was lost before.
   *
   * @throws `OctoStoreError` with the code `forbidden` if you may not observe the lock.
   */
  explain(name: string): Promise<LockExplanation> {
    return this.#locks.explain(name);
  }

  /**
   * Which leases held a lock, and how they ended, the latest grant first: 100 at most, as far back as the server's event log goes.
   *
   * @throws `OctoStoreError` with the code `forbidden` if you may not observe the lock.
   */
  history(name: string, options: HistoryOptions = {}): Promise<LockHistory> {
    return this.#locks.history(name, options);
  }

  /**
   * Gives up the place in the line of a lock, and of all other locks of its request. A place outlives its request by 15
   * seconds. A call of this library that still waits joins the end of the line instead: to end it, abort its signal. Throws
   * `NotFoundError` if you have no such place.
   *
   * @param leaseId the `leaseId` of the acquire that waits or waited.
   */
  leaveQueue(name: string, leaseId: string): Promise<void> {
    return this.#locks.leaveQueue(name, leaseId);
  }

  /** The state of a lock, then everything that happens to it. */
  watch(name: string, options: WatchOptions = {}): Watch<LockStatus> {
    return new Watch(this.#caller, watchPath({ name }, options), readLockStatus, options);
  }

  /** The same for all locks whose names begin with `prefix`. */
  watchPrefix(prefix: string, options: WatchOptions = {}): Watch<PrefixState> {
    return new Watch(this.#caller, watchPath({ prefix }, options), readPrefixState, options);
  }

  /** Opens a session and keeps it alive in the background. `ttlSeconds` is 10 to 300, 60 by default. */
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

  /** Returns `OK` if the server is healthy. */
  health(): Promise<string> {
    return this.#getPublic('/health', readHealth);
  }

  statusCounters(): Promise<StatusCounters> {
    return this.#getPublic('/status', (text) => readStatusCounters(Fields.parse(text)));
  }

  /**
   * Replaces the token and returns the new one. The old one stops working immediately. This client and everything it has
   * under way use the new one. Throws `ValidationError` if a function gives the token.
   */
  async rotateToken(): Promise<string> {
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

  async #getPublic<T>(path: string, read: (text: string) => T): Promise<T> {
    const request = () => ({ method: 'GET', path }) as const;
    return (await this.#caller.call({ request, read, isSafe: true, isPublic: true })).value;
  }
}

function openHandles(releaseOnExit: boolean, fetch: Fetch | undefined): OpenHandles {
  const open = releaseOnExit ? CLOSED_ON_EXIT : LEFT_OPEN;
  return {
    add: (ending, keeper) => {
      open.add(ending, keeper);
      tellDouble(fetch, keeper);
    },
  };
}

function readHealth(text: string): string {
  if (text.trim() !== 'OK') throw new TypeError('not the answer of a healthy server');
  return 'OK';
}

async function useAndClose<T>(lock: LockHandle, use: (lock: LockHandle) => Promise<T> | T): Promise<T> {
  return whileInUse(lock, async () => {
    const result = await resultOf(lock, use);
    const { isLost, signal } = lock;
    await lock.close();
    if (isLost) throw new LockLostError(lock.name, signal.reason, result);
    return result;
  });
}

/** If the function fails, closes the lock and throws its error. If it has no cause, the cause is the loss of the lock, if it was lost. */
async function resultOf<T>(lock: LockHandle, use: (lock: LockHandle) => Promise<T> | T): Promise<T> {
  try {
    return await use(lock);
  } catch (error) {
    const { isLost, signal } = lock;
    await lock.close();
    if (isLost && error instanceof Error && error !== signal.reason) error.cause ??= signal.reason;
    throw error;
  }
}
