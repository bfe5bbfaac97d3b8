import type { buildConnector, Dispatcher } from 'undici';
import type { Clock } from '../../clock/clock.js';
import { FORWARDED_HEADERS } from '../../http/forwarded/forwarded-headers.js';
import type { Attempt } from './attempt.js';
import type { LinkRequest } from '../../http/link/link-request.js';
import { LeaderConnections } from './leader-connections.js';
import { LeaderLink } from './leader-link.js';
import type { LeaderTarget } from './leader-target.js';
import { openLink } from './open-link.js';

/** Ends what an attempt has under way. */
type End = (isConnectionUsable: boolean) => void;

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
  readonly #url: URL;
  readonly #connections: LeaderConnections;
  readonly #underWay = new Map<Attempt, End>();
  #link: LeaderLink | null = null;
  /** Whether a link will be opened when the leader has answered. There is none through a proxy that knows paths. */
  #mayLink: boolean;
  #isRetired = false;

  constructor(target: LeaderTarget, parts: LeaderParts) {
    const url = new URL(target.url);
    this.target = target;
    this.#parts = parts;
    this.#url = url;
    this.#prefix = url.pathname.replace(/\/$/, '');
    this.#servername = url.hostname;
    this.#connections = new LeaderConnections(url.origin, parts.clock, parts.connect);
    this.#mayLink = this.#prefix === '';
  }

  /** How many requests are under way. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** Sends a request on a connection to itself. What comes of it is reported to `attempt`. Call `finished` when it has ended. */
  send({ method, url, client, headers, body }: LinkRequest, attempt: Attempt): void {
    const connection = this.#connections.take();
    this.#underWay.set(attempt, (isUsable) => {
      if (isUsable) this.#connections.giveBack(connection);
      else this.#connections.cut(connection);
    });
    const { key: KEY, client: CLIENT } = FORWARDED_HEADERS;
    // With a constant name, undici does not connect again for each host that a client may have asked for.
    const options: Dispatcher.DispatchOptions & { servername: string } = {
      servername: this.#servername,
      method,
      path: url.startsWith('/') ? `${this.#prefix}${url}` : url,
      headers: [...headers, KEY, this.#parts.key, CLIENT, client],
      body: body.length === 0 ? null : body,
    };
    connection.dispatch(options, attempt);
  }

  /** The same for a request that is short, and has a short answer. It is sent over the link, if that is open. */
  sendShort(request: LinkRequest, attempt: Attempt): void {
    const link = this.#link;
    if (link?.isOpen !== true) return this.send(request, attempt);
    const id = link.send(request, attempt);
    this.#underWay.set(attempt, () => link.cancel(id));
  }

  /** Opens the link, or shows that it is needed. Call this when the leader has answered, again and again. */
  keepLink(): void {
    if (this.#link?.isOpen === true) this.#link.ping();
    else if (this.#mayLink) this.#openLink();
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
    const end = this.#underWay.get(attempt);
    this.#underWay.delete(attempt);
    end?.(isConnectionUsable);
  }

  /** Ends everything that is under way. Each attempt reports how far it had come. */
  abandon(): void {
    const attempts = [...this.#underWay.keys()];
    this.#underWay.clear();
    this.#connections.cutAll();
    this.#link?.close();
    for (const attempt of attempts) attempt.breakOff();
  }

  /** Ends everything that is under way, and accepts nothing more. */
  retire(): void {
    this.#isRetired = true;
    this.#mayLink = false;
    this.abandon();
  }

  #openLink(): void {
    const { clock, connect, key } = this.#parts;
    this.#mayLink = false;
    openLink({ clock, connect, key, url: this.#url }, (opened) => {
      this.#mayLink = opened !== 'refused' && !this.#isRetired;
      if (typeof opened === 'string') return;
      this.#link = new LeaderLink(opened.socket, clock);
      this.#link.start(opened.first);
      if (this.#isRetired) this.#link.close();
    });
  }
}
