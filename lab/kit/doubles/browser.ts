/** The callback URL that the server is configured with. Nothing listens there. */
export const REDIRECT_URI = 'http://octostore.example/auth/github/callback';

/** A way to sign in: the page that begins it, and the URL that the provider sends the browser back to. */
export interface SignInWay {
  readonly path: string;
  readonly redirectUri: string;
}

const GITHUB: SignInWay = { path: '/auth/github', redirectUri: REDIRECT_URI };

export const OIDC: SignInWay = {
  path: '/auth/oidc',
  redirectUri: 'http://octostore.example/auth/oidc/callback',
};

export interface SignInReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A minimal browser: it keeps cookies by path and does not follow redirects. */
export class Browser {
  /** Name to value and path. */
  readonly cookies = new Map<string, { readonly value: string; readonly path: string }>();

  /** @param fixture holds the server, which may move when it is restarted. */
  constructor(
    private readonly fixture: { readonly server: { readonly url: string } },
    private readonly way: SignInWay = GITHUB,
  ) {}

  /** Requests a path of the server. */
  async open(path: string, headers: Record<string, string> = {}): Promise<SignInReply> {
    const response = await fetch(`${this.fixture.server.url}${path}`, {
      redirect: 'manual',
      headers: { ...this.#cookieHeader(path), ...headers },
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text },
    };
  }

  /** Starts a sign-in. Returns the provider's page that the server redirects to. */
  async begin(): Promise<URL> {
    const reply = await this.open(this.way.path);
    if (reply.status !== 302)
      throw new Error(`not redirected to the provider: ${JSON.stringify(reply.body)}`);
    return new URL(reply.headers.get('location') ?? '');
  }

  /** Approves the sign-in at the provider. Returns the query of its redirect back to the server. */
  async agree(authorizeUrl: URL): Promise<URLSearchParams> {
    const response = await fetch(authorizeUrl, { redirect: 'manual' });
    const target = response.headers.get('location') ?? '';
    if (!target.startsWith(`${this.way.redirectUri}?`)) throw new Error(`not sent back, but to "${target}"`);
    return new URL(target).searchParams;
  }

  /** Requests the server's callback with a query from the provider. */
  finish(query: URLSearchParams | string): Promise<SignInReply> {
    return this.open(`${this.way.path}/callback?${query.toString()}`);
  }

  /** The sign-in up to the provider's redirect. Returns the query of the redirect. */
  async beginAndAgree(): Promise<URLSearchParams> {
    return this.agree(await this.begin());
  }

  async signIn(): Promise<SignInReply> {
    return this.finish(await this.beginAndAgree());
  }

  #cookieHeader(path: string): Record<string, string> {
    const matching = [...this.cookies].filter(([, cookie]) => path.split('?')[0] === cookie.path);
    if (matching.length === 0) return {};
    return { cookie: matching.map(([name, { value }]) => `${name}=${value}`).join('; ') };
  }

  #keep(header: string): void {
    const [pair = '', ...attributes] = header.split('; ');
    const [name = '', value = ''] = pair.split('=');
    const path = attributes.find((attribute) => attribute.startsWith('Path='))?.slice('Path='.length) ?? '/';
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, { value, path });
  }
}
