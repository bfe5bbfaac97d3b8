import type { buildConnector, Client, Dispatcher } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { FORWARDED_HEADERS } from '../../http/forwarded/forwarded-headers.js';
import type { Attempt } from './attempt.js';
import { LeaderConnections } from './leader-connections.js';
import type { LeaderTarget } from './leader-target.js';

/** A request as undici sends it, without its path below the leader's URL. */
export interface ForwardedRequest {
  readonly method: string;
  /** As the client sent it. */
  readonly url: string;
  readonly headers: string[];
  readonly body: Buffer;
}

/** A short answer of the leader to this server. */
interface ShortAnswer {
  readonly status: number;
  readonly text: string;
}

interface LeaderParts {
  readonly clock: Clock;
  readonly connect: buildConnector.connector;
  /** The value of the header that shows the leader that this server may name its clients. */
  readonly key: string;
}

/** A server that leads, and what is under way to it. */
export class Leader {
  readonly target: LeaderTarget;
  readonly #parts: LeaderParts;
  /** Comes before every path. Empty if the URL has no path. */
  readonly #prefix: string;
  readonly #servername: string;
  readonly #connections: LeaderConnections;
  readonly #underWay = new Map<Attempt, Client>();

  constructor(target: LeaderTarget, parts: LeaderParts) {
    const { origin, pathname, hostname } = new URL(target.url);
    this.target = target;
    this.#parts = parts;
    this.#prefix = pathname.replace(/\/$/, '');
    this.#servername = hostname;
    this.#connections = new LeaderConnections(origin, parts.clock, parts.connect);
  }

  /** How many requests are under way. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Sends a request. What comes of it is reported to `attempt`. Call `finished` when it has ended. */
  send({ method, url, headers, body }: ForwardedRequest, attempt: Attempt): void {
    const client = this.#connections.take();
    this.#underWay.set(attempt, client);
    // With a constant name, undici does not connect again for each host that a client may have asked for.
    const options: Dispatcher.DispatchOptions & { servername: string } = {
      servername: this.#servername,
      method,
      path: url.startsWith('/') ? `${this.#prefix}${url}` : url,
      headers,
      body: body.length === 0 ? null : body,
    };
    client.dispatch(options, attempt);
  }

  /** Asks this leader for a page of its own, by GET. Null if it does not answer in time. */
  async ask(path: string, timeoutMs: number): Promise<ShortAnswer | null> {
    const { clock, key } = this.#parts;
    const client = this.#connections.take();
    const cancelTimer = clock.after(timeoutMs, () => this.#connections.cut(client));
    try {
      const options: Dispatcher.RequestOptions & { servername: string } = {
        servername: this.#servername,
        method: 'GET',
        path: `${this.#prefix}${path}`,
        headers: { [FORWARDED_HEADERS.key]: key },
      };
      const { statusCode, body } = await client.request(options);
      const answer = { status: statusCode, text: await body.text() };
      this.#connections.giveBack(client);
      return answer;
    } catch {
      this.#connections.cut(client);
      return null;
    } finally {
      cancelTimer();
    }
  }

  /** An attempt has ended by itself. */
  finished(attempt: Attempt, isConnectionUsable: boolean): void {
    const client = this.#underWay.get(attempt);
    if (client === undefined) return;
    this.#underWay.delete(attempt);
    if (isConnectionUsable) this.#connections.giveBack(client);
    else this.#connections.cut(client);
  }

  /** Ends everything that is under way. Each attempt reports how far it had come. */
  abandon(): void {
    const attempts = [...this.#underWay.keys()];
    this.#underWay.clear();
    this.#connections.cutAll();
    for (const attempt of attempts) attempt.breakOff();
  }
}
