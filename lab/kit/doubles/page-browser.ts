import { once } from 'node:events';
import { request as send, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { CookieJar, type Sending } from './cookie-jar.js';

export interface PageReply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface PageRequest {
  readonly body?: unknown;
  /** In lower case. Null leaves out a header that the browser would send. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly from?: Sending['from'];
}

const SITES = {
  'own page': 'same-origin',
  'other site': 'cross-site',
  'navigation from other site': 'cross-site',
} as const;

/**
 * A browser that has pages of one origin open. The server is reached directly, as if by a proxy that ends TLS and passes the Host
 * header on.
 */
export class PageBrowser {
  readonly jar: CookieJar;
  /** What `GET /auth/session` said last. Sent with changes. */
  csrfToken: string | null = null;

  /**
   * @param fixture holds the server, which may move when it is restarted.
   * @param origin what the browser shows in its address bar.
   */
  constructor(
    private readonly fixture: { readonly server: { readonly url: string } },
    readonly origin = 'https://locks.example.com',
  ) {
    this.jar = new CookieJar(origin);
  }

  async call(method: string, path: string, options: PageRequest = {}): Promise<PageReply> {
    const response = await this.open(method, path, options);
    const content = await text(response);
    const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
    const body = isJson ? (JSON.parse(content) as Record<string, unknown>) : { text: content };
    if (path === '/auth/session' && typeof body['csrf_token'] === 'string')
      this.csrfToken = body['csrf_token'];
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  /** Resolves when the headers of the answer have arrived. */
  async open(method: string, path: string, options: PageRequest = {}): Promise<IncomingMessage> {
    const { body } = options;
    const request = send(`${this.fixture.server.url}${path}`, {
      method,
      agent: false,
      headers: this.#headersOf(method, path, options),
    });
    request.end(body === undefined ? '' : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    for (const cookie of response.headers['set-cookie'] ?? []) this.jar.receive(cookie);
    return response;
  }

  get(path: string, options?: PageRequest): Promise<PageReply> {
    return this.call('GET', path, options);
  }

  post(path: string, body?: unknown, options?: PageRequest): Promise<PageReply> {
    return this.call('POST', path, { body, ...options });
  }

  delete(path: string, options?: PageRequest): Promise<PageReply> {
    return this.call('DELETE', path, options);
  }

  /** Turns a bearer token into a browser session, as a page does that asks people for one. */
  async paste(token: string): Promise<PageReply> {
    return this.post('/auth/session', undefined, { headers: { authorization: `Bearer ${token}` } });
  }

  /** The secret of the session. */
  get secret(): string {
    const [secret] = [...this.jar.cookies].flatMap(([name, { value }]) =>
      name.endsWith('octostore') ? [value] : [],
    );
    if (secret === undefined) throw new Error('there is no session');
    return secret;
  }

  #headersOf(
    method: string,
    path: string,
    { headers = {}, from = 'own page' }: PageRequest,
  ): Record<string, string> {
    const isChange = method !== 'GET' && method !== 'HEAD';
    const usual: Record<string, string | null> = {
      host: new URL(this.origin).host,
      cookie: this.jar.headerFor({ path, from }),
      'user-agent': 'PageBrowser/1.0',
      'sec-fetch-site': SITES[from],
      origin: isChange ? (from === 'own page' ? this.origin : 'https://evil.example') : null,
      'octostore-csrf': isChange && from === 'own page' ? this.csrfToken : null,
    };
    const sent = Object.entries({ ...usual, ...headers });
    return Object.fromEntries(sent.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
  }
}
