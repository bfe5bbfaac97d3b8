import { setTimeout as pause } from 'node:timers/promises';
import {
  OctoStoreClient,
  OctoStoreError,
  RULES,
  verifyWebhook,
  type Election,
  type LockHandle,
  type SessionHandle,
  type TokenFunction,
} from '../src/index.js';
import { FENCE_REQUESTS } from './fence-requests.js';
import type { GivenTokens, Request } from './given.js';
import { LOCK_REQUESTS } from './lock-requests.js';
import { errorFacts, ProgramError, type Json } from './protocol.js';
import { blocks, clients, elections, handles, sessions, watches, type OpenWatch } from './things.js';

/** The requests of the protocol. */
export const REQUESTS: Readonly<Record<string, Request>> = {
  ...LOCK_REQUESTS,
  ...FENCE_REQUESTS,
  client: ({ as, base_url, token, token_function, timeout_ms, wait_slice_seconds, release_on_exit }) => {
    const options = {
      baseUrl: base_url,
      token: token_function === undefined ? token : tokensOf(token_function),
      timeoutMs: timeout_ms,
      waitSliceSeconds: wait_slice_seconds,
      releaseOnExit: release_on_exit,
    };
    clients.put(as, new OctoStoreClient(options));
  },
  health: ({ client }) => clients.get(client).health(),
  status_counters: ({ client }) => clients.get(client).statusCounters(),
  lock_status: ({ client, name }) => clients.get(client).lockStatus(name),
  list_locks: ({ client, prefix, owner }) => clients.get(client).listLocks({ prefix, owner }),
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
  rules: () => RULES,
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
  const { isLost, signal } = thing;
  return { isLost, error: isReported(signal.reason) ? errorFacts(signal.reason) : null };
}

/** A function that gives one token after the other. */
function tokensOf({ tokens, fails, delay_ms = 0 }: GivenTokens): TokenFunction {
  const left = [...tokens];
  let last: string | undefined;
  return async () => {
    await pause(delay_ms);
    const token = left.shift() ?? (fails === undefined ? last : undefined);
    if (token === undefined) throw new ProgramError(fails);
    last = token;
    return token;
  };
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
