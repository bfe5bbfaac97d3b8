import { expect, onTestFinished, test, vi } from 'vitest';
import {
  OctoStoreClient,
  type ClientOptions,
  type Fetch,
  type HandleEvent,
} from '../../../sdks/typescript/src/index.js';

const LEASE = {
  status: 'acquired',
  name: 'a/b',
  lease_id: 'the-lease-id',
  fencing_token: 7,
  expires_at: '2030-01-01T00:00:00Z',
  holder: 'ada',
  holder_id: 'u',
  metadata: null,
  mode: 'exclusive',
};
const SESSION = { session_id: 's', expires_at: '2030-01-01T00:00:00Z', keepalive_interval_secs: 5 };
const GONE = { error: 'There is no such lease.', code: 'lock_not_found' };

type Script = Readonly<Record<string, () => Response>>;

const answer = (body: object, status = 200): Response => Response.json(body, { status });

/** A transport that answers by the last part of the path. */
function scripted(script: Script): Fetch {
  return (url) => {
    const verb = url.split('/').at(-1) ?? '';
    return Promise.resolve(script[verb]?.() ?? answer(GONE, 404));
  };
}

function observed(script: Script, options: ClientOptions = {}): [OctoStoreClient, HandleEvent[]] {
  const events: HandleEvent[] = [];
  const observer = (event: HandleEvent): void => void events.push(event);
  const client = new OctoStoreClient({ token: 'the-token', fetch: scripted(script), observer, ...options });
  return [client, events];
}

const RELEASED = (): Response => answer({ status: 'released', message: 'Lock released' });
const HELD = (): Response => answer({ ...LEASE, status: 'held' });

test('an observer learns of a lock from the beginning to the end, and never of its secrets', async () => {
  const [client, events] = observed({ acquire: () => answer(LEASE), renew: HELD, release: RELEASED });
  const lock = await client.hold('a/b', { ttlSeconds: 3 });
  await vi.waitUntil(() => events.length >= 2, { timeout: 10_000 });
  await lock.release();
  const about = { lock: 'a/b', locks: ['a/b'], fencingToken: 7 };
  expect(events[0]).toEqual({ type: 'acquired', ...about });
  expect(events[1]).toEqual({ type: 'renewed', ...about });
  expect(events.at(-1)).toEqual({ type: 'released', ...about });
  expect(JSON.stringify(events)).not.toMatch(/the-lease-id|the-token/);
});

test('it learns of renewals that fail, then of the loss with its reason, and not of a release after it', async () => {
  let renewals = 0;
  const [client, events] = observed({
    acquire: () => answer(LEASE),
    renew: () => {
      renewals += 1;
      return renewals === 1 ? answer({ error: 'Later.', code: 'overloaded' }, 503) : answer(GONE, 404);
    },
  });
  const lock = await client.hold('a/b', { ttlSeconds: 3 });
  await vi.waitUntil(() => lock.signal.aborted, { timeout: 10_000 });
  await lock.close();
  expect(events.map(({ type }) => type)).toEqual(['acquired', 'renewal_failed', 'lost']);
  expect(events[1]?.error).toMatchObject({ type: 'unavailable', code: 'overloaded' });
  expect(events[2]?.error).toBe(lock.signal.reason);
});

test('it learns why a release failed', async () => {
  const refused = (): Response => answer({ error: 'No.', code: 'forbidden' }, 403);
  const [client, events] = observed({ acquire: () => answer(LEASE), release: refused });
  const lock = await client.hold('a/b');
  await lock.close();
  expect(events.at(-1)).toMatchObject({ type: 'released', error: { type: 'permission' } });
});

test('it learns of sessions', async () => {
  const ended = (): Response => new Response(null, { status: 204 });
  const [client, events] = observed({ sessions: () => answer(SESSION, 201), s: ended });
  await (await client.openSession({ ttlSeconds: 10 })).end();
  expect(events).toEqual([
    { type: 'acquired', locks: [], session: 's' },
    { type: 'released', locks: [], session: 's' },
  ]);
});

test('an observer that throws harms nothing, and there is a warning', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error & { readonly code?: string }): void => {
    if (warning.code === 'OCTOSTORE_OBSERVER') warnings.push(warning);
  };
  process.on('warning', listen);
  onTestFinished(() => void process.off('warning', listen));
  const observer = (): void => {
    throw new Error('the observer is broken');
  };
  const [client] = observed({ acquire: () => answer(LEASE), release: RELEASED }, { observer });
  await client.withLock('a/b', {}, ({ fencingToken }) => expect(fencingToken).toBe(7));
  await vi.waitUntil(() => warnings.length >= 2, { timeout: 10_000 });
  expect(warnings[0]).toMatchObject({ code: 'OCTOSTORE_OBSERVER', detail: 'Error: the observer is broken' });
});

test('the rules about redirects, secrets and time are also those of a transport of your own', async () => {
  const requests: (RequestInit & { readonly url: string })[] = [];
  const own: Fetch = (url, init) => {
    requests.push({ url, ...init });
    return new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('cut'))));
  };
  const client = new OctoStoreClient({ baseUrl: 'http://a.example', token: 't1', timeoutMs: 20, fetch: own });
  await expect(client.createSession()).rejects.toMatchObject({ type: 'timeout' });
  expect(requests).toEqual([
    expect.objectContaining({ url: 'http://a.example/sessions', method: 'POST', redirect: 'manual' }),
  ]);
  expect(new Headers(requests[0]?.headers).get('authorization')).toBe('Bearer t1');
});

test('an error of the transport is a network error', async () => {
  const client = new OctoStoreClient({ token: 't', fetch: () => Promise.reject(new Error('no proxy')) });
  await expect(client.createSession()).rejects.toMatchObject({
    type: 'network',
    message: expect.stringContaining('no proxy') as string,
  });
});
