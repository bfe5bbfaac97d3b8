import {
  OctoStoreClient,
  OctoStoreError,
  REAL_PROGRAMS_RULES,
  RULES,
  verifyWebhook,
  type Election,
  type LockHandle,
  type PrefixState,
  type LockStatus,
  type SessionHandle,
  type Watch,
  type WatchUpdate,
} from '../src/index.js';
import { errorFacts, ProgramError, type Json } from './protocol.js';

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
  readonly name: string;
  readonly prefix?: string;
  readonly owner: 'me';
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

export type Request = (given: Given, emit: (event: Json) => void) => unknown;

/** Ends a block: it returns, or throws a `ProgramError` with this message. */
type EndBlock = (fails: string | undefined) => void;

interface OpenWatch {
  readonly watch: Watch<LockStatus> | Watch<PrefixState>;
  /** The update that the last `next` waits for, if it has not arrived yet. */
  coming: Promise<IteratorResult<WatchUpdate<unknown>, undefined>> | null;
}

/** What requests have named with `as`, by name. */
class Shelf<T> {
  readonly #things = new Map<string, T>();

  put(name: string, thing: T): T {
    this.#things.set(name, thing);
    return thing;
  }

  get(name: string | undefined): T {
    const thing = this.#things.get(String(name));
    if (thing === undefined) throw new Error(`nothing has the name ${name}`);
    return thing;
  }
}

const clients = new Shelf<OctoStoreClient>();
const handles = new Shelf<LockHandle>();
const sessions = new Shelf<SessionHandle>();
const watches = new Shelf<OpenWatch>();
const elections = new Shelf<Election>();
const blocks = new Shelf<EndBlock>();

/** The requests of the protocol. */
export const REQUESTS: Readonly<Record<string, Request>> = {
  client: ({ as, base_url, token, timeout_ms, wait_slice_seconds, release_on_exit }) => {
    const options = {
      baseUrl: base_url,
      token,
      timeoutMs: timeout_ms,
      waitSliceSeconds: wait_slice_seconds,
      releaseOnExit: release_on_exit,
    };
    clients.put(as, new OctoStoreClient(options));
  },
  health: ({ client }) => clients.get(client).health(),
  status_counters: ({ client }) => clients.get(client).statusCounters(),
  acquire: ({
    client,
    name,
    ttl_seconds,
    lease_id,
    wait_seconds,
    wait_slice_seconds,
    metadata,
    session_id,
  }) =>
    clients.get(client).acquire(name, {
      ttlSeconds: ttl_seconds,
      leaseId: lease_id,
      waitSeconds: wait_seconds,
      waitSliceSeconds: wait_slice_seconds,
      metadata,
      sessionId: session_id,
    }),
  renew: ({ client, name, lease_id, ttl_seconds }) => clients.get(client).renew(name, lease_id, ttl_seconds),
  release: ({ client, name, lease_id }) => clients.get(client).release(name, lease_id),
  lock_status: ({ client, name }) => clients.get(client).lockStatus(name),
  list_locks: ({ client, prefix, owner }) => clients.get(client).listLocks({ prefix, owner }),
  hold: async ({ as, client, name, ttl_seconds, wait_seconds, wait_slice_seconds, metadata, session }) => {
    const lock = await clients.get(client).hold(name, {
      ttlSeconds: ttl_seconds,
      waitSeconds: wait_seconds,
      waitSliceSeconds: wait_slice_seconds,
      metadata,
      session: session === undefined ? undefined : sessions.get(session),
    });
    handles.put(as, lock);
    return { leaseId: lock.leaseId, fencingToken: lock.fencingToken };
  },
  handle: ({ handle }) => {
    const { leaseId, fencingToken, name, remainingMs, isLost } = handles.get(handle);
    return { leaseId, fencingToken, name, remainingMs, isLost };
  },
  await_lost: ({ handle, session, timeout_ms }) =>
    awaitLost(session === undefined ? handles.get(handle) : sessions.get(session), timeout_ms),
  close: async ({ handle, session, watch, election }) => {
    if (handle !== undefined) await handles.get(handle).close();
    if (session !== undefined) await sessions.get(session).close();
    if (watch !== undefined) await watches.get(watch).watch.return();
    if (election === undefined) return;
    await elections.get(election).stop();
    await elections.get(election);
  },
  elect: ({ as, client, name, ttl_seconds, wait_slice_seconds, fails }, emit) => {
    const options = { ttlSeconds: ttl_seconds, waitSliceSeconds: wait_slice_seconds };
    const election = clients.get(client).elect(name, options, async ({ fencingToken }, signal) => {
      emit({ event: 'leading', of: as, fencing_token: fencingToken });
      if (fails !== undefined) throw new ProgramError(fails);
      await aborted(signal);
      emit({ event: 'stopped', of: as });
    });
    elections.put(as, election);
    void tellEnd(as, election, emit);
  },
  with_lock: async ({ as, client, name, ttl_seconds, wait_seconds }, emit) => {
    const options = { ttlSeconds: ttl_seconds, waitSeconds: wait_seconds };
    await clients.get(client).withLock(name, options, async () => {
      const ended = new Promise<string | undefined>((resolve) => blocks.put(as, resolve));
      emit({ event: 'inside', of: as });
      const fails = await ended;
      if (fails !== undefined) throw new ProgramError(fails);
    });
  },
  end_block: ({ block, fails }) => blocks.get(block)(fails),
  open_session: async ({ as, client, ttl_seconds }) => {
    const { sessionId } = sessions.put(
      as,
      await clients.get(client).openSession({ ttlSeconds: ttl_seconds }),
    );
    return { sessionId };
  },
  create_session: ({ client, ttl_seconds }) => clients.get(client).createSession(ttl_seconds),
  keepalive: ({ client, session_id }) => clients.get(client).keepalive(session_id),
  session_status: ({ client, session_id }) => clients.get(client).sessionStatus(session_id),
  end_session: ({ client, session_id }) => clients.get(client).endSession(session_id),
  watch: ({ as, client, name, prefix }) => {
    const from = clients.get(client);
    watches.put(as, {
      watch: prefix === undefined ? from.watch(name) : from.watchPrefix(prefix),
      coming: null,
    });
  },
  next: ({ watch, timeout_ms }) => nextOf(watches.get(watch), timeout_ms),
  create_webhook: ({ client, url, secret, events, lock_pattern }) =>
    clients.get(client).webhooks.create({ url, secret, events, lockPattern: lock_pattern }),
  list_webhooks: ({ client }) => clients.get(client).webhooks.list(),
  delete_webhook: ({ client, webhook_id }) => clients.get(client).webhooks.delete(webhook_id),
  deliveries: ({ client, webhook_id }) => clients.get(client).webhooks.deliveries(webhook_id),
  redeliver: ({ client, webhook_id, delivery_id }) =>
    clients.get(client).webhooks.redeliver(webhook_id, delivery_id),
  verify_webhook: ({ secret, headers, body, now_seconds }) =>
    verifyWebhook(secret, headers, body, now_seconds),
  rotate_token: async ({ client }) => {
    await clients.get(client).rotateToken();
  },
  describe: ({ client, handle, session, election }) => {
    if (handle !== undefined) return String(handles.get(handle));
    if (session !== undefined) return String(sessions.get(session));
    return String(election === undefined ? clients.get(client) : elections.get(election));
  },
  rules: () => ({ ...RULES, ...REAL_PROGRAMS_RULES }),
};

async function tellEnd(as: string, { ended }: Election, emit: (event: Json) => void): Promise<void> {
  const error = await ended;
  emit({ event: 'ended', of: as, error: isReported(error) ? errorFacts(error) : null });
}

function isReported(error: unknown): error is OctoStoreError | ProgramError {
  return error instanceof OctoStoreError || error instanceof ProgramError;
}

async function awaitLost(thing: LockHandle | SessionHandle, timeoutMs: number): Promise<object> {
  await withTimeout(aborted(thing.signal), timeoutMs);
  return { isLost: thing.isLost };
}

/** The next update; null if none comes in time, and `{ type: 'end' }` after the last. */
async function nextOf(open: OpenWatch, timeoutMs: number): Promise<object | null> {
  open.coming ??= open.watch.next();
  const result = await withTimeout(open.coming, timeoutMs);
  if (result === null) return null;
  open.coming = null;
  return result.done === true
    ? { type: 'end' }
    : { type: result.value.type, ...(result.value.data as object) };
}

/** Null if the time is over first. */
async function withTimeout<T>(thing: Promise<T>, timeoutMs: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), timeoutMs);
  });
  return Promise.race([thing, tooLate]).finally(() => clearTimeout(timer));
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
