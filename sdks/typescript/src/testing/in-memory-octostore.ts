import type { UserId } from '#server/core/model/ids.js';
import { OctoStoreClient, type ClientOptions } from '../client.js';
import { HANDLES, type Renewing } from '../handles-of-double.js';
import type { Fetch } from '../transport.js';
import { Body, lockNameOf } from './body.js';
import { dispatch } from './dispatch.js';
import { Law } from './law.js';
import { Refusal } from './refusal.js';
import { Routes, type Asked } from './routes.js';

/** Options of a client of the double, which knows its own address. */
export type DoubleClientOptions = Omit<ClientOptions, 'baseUrl' | 'token' | 'fetch'>;

/**
 * An OctoStore in memory, for the tests of your program. Its clients are real, and so are the rules: they are those of the server. Its
 * clock moves only when you move it. Everything is gone with the object.
 */
export class InMemoryOctoStore {
  /** Any client with this base URL, `fetch` and a token reaches the double. */
  readonly baseUrl = 'http://octostore.test';
  /** The token of an administrator, who may break locks. */
  readonly adminToken = 'double-admin';
  /** Answers requests from memory. */
  readonly fetch: Fetch;
  readonly #law = new Law();
  readonly #routes = new Routes(this.#law);
  readonly #logins = new Map<string, string>();
  readonly #handles = new Set<Renewing>();
  /** Called when a request may have joined a line. */
  readonly #onRequest = new Set<() => void>();

  constructor() {
    const fetch: Fetch = async (url, init) => this.#answer(new URL(url), init);
    this.fetch = Object.assign(fetch, { [HANDLES]: (handle: Renewing): void => this.#note(handle) });
  }

  /** A client of the user with this login. */
  client(login = 'ada', options: DoubleClientOptions = {}): OctoStoreClient {
    return this.#client(this.token(login), options);
  }

  /** A client of an administrator, who may break locks. */
  adminClient(options: DoubleClientOptions = {}): OctoStoreClient {
    return this.#client(this.adminToken, options);
  }

  /** The token of the user with this login. The double refuses tokens that it has not given. */
  token(login: string): string {
    const token = `double-user-${encodeURIComponent(login)}`;
    this.#logins.set(token, login);
    return token;
  }

  /** The time on the double's clock. */
  get now(): Date {
    return this.#law.wallClockAt(this.#law.now);
  }

  /**
   * Moves the double's clock. Everything that is due meanwhile happens at its time: leases and sessions expire, and waiters are
   * answered. Then each open handle of a client renews, or learns that it is lost. Resolves when all of this has happened.
   */
  async advance(seconds: number): Promise<void> {
    this.#law.advance(seconds * 1000);
    await Promise.all(Array.from(this.#handles, (handle) => handle.renewNow()));
  }

  /** Resolves once so many requests are waiting in line for a lock. */
  async waiting(lock: string, count = 1): Promise<void> {
    const name = lockNameOf(lock);
    while (this.#law.state.queueLength(name) < count) {
      await new Promise<void>((resolve) => {
        const listener = (): void => {
          this.#onRequest.delete(listener);
          resolve();
        };
        this.#onRequest.add(listener);
      });
    }
  }

  #client(token: string, options: DoubleClientOptions): OctoStoreClient {
    return new OctoStoreClient({ ...options, baseUrl: this.baseUrl, token, fetch: this.fetch });
  }

  async #answer({ pathname, searchParams }: URL, init: RequestInit): Promise<Response> {
    init.signal?.throwIfAborted();
    if (pathname === '/health') return new Response('OK');
    try {
      const path = pathname.split('/').slice(1).map(decodeURIComponent);
      const asked = this.#asked(searchParams, init);
      const reply = dispatch(this.#routes, init.method ?? 'GET', path, asked);
      for (const listener of this.#onRequest) listener();
      const answer = await reply;
      return answer instanceof Response ? answer : Response.json(answer);
    } catch (error) {
      if (error instanceof Refusal) return error.response();
      throw error;
    }
  }

  #asked(query: URLSearchParams, { headers, body, signal }: RequestInit): Asked {
    const token = new Headers(headers).get('authorization')?.replace(/^Bearer /, '') ?? '';
    const isAdmin = token === this.adminToken;
    const login = isAdmin ? 'administrator' : this.#logins.get(token);
    if (login === undefined) throw new Refusal('unauthorized');
    const text = typeof body === 'string' ? body : '';
    return { userId: login as UserId, isAdmin, body: Body.parse(text), query, signal };
  }

  #note(handle: Renewing): void {
    this.#handles.add(handle);
    handle.over.addEventListener('abort', () => this.#handles.delete(handle), { once: true });
  }
}
